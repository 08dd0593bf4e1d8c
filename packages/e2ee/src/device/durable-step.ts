import type { RecordChange, RecordName, SessionStore } from '../store/session-store.ts';
import type { StateVault } from '../store/state-vault.ts';

/**
 * One durable step in the making (R5): collects what an operation reads and writes, then commits all of it at once. A write stands
 * on the version that the step has read, so a step that another writer overtook is refused by the store as a whole.
 */
export class DurableStep {
  readonly #store: SessionStore;
  readonly #vault: StateVault;
  readonly #versions = new Map<string, number>();
  readonly #changes = new Map<string, RecordChange>();

  constructor(store: SessionStore, vault: StateVault) {
    this.#store = store;
    this.#vault = vault;
  }

  /** The record's plain bytes as stored; writes of this step are not seen. */
  async read(name: RecordName): Promise<Uint8Array | undefined> {
    const stored = await this.#store.read(name);
    // The first reading counts: what was computed from it must not be written over what another writer stored since.
    if (!this.#versions.has(keyOf(name))) this.#versions.set(keyOf(name), stored?.version ?? 0);
    return stored && this.#vault.open(name, stored.sealed);
  }

  /** Only after `read` of the same name: a blind write could undo another writer's. */
  write(name: RecordName, bytes: Uint8Array): void {
    this.#change(name, this.#vault.seal(name, bytes));
  }

  remove(name: RecordName): void {
    this.#change(name, undefined);
  }

  async commit(): Promise<'committed' | 'conflict'> {
    return this.#changes.size === 0 ? 'committed' : this.#store.commit([...this.#changes.values()]);
  }

  #change(name: RecordName, sealed: Uint8Array | undefined): void {
    const expectedVersion = this.#versions.get(keyOf(name));
    if (expectedVersion === undefined) throw new Error(`A record of kind ${name.kind} was written without being read.`);
    this.#changes.set(keyOf(name), { name, expectedVersion, sealed });
  }
}

const keyOf = (name: RecordName): string => `${name.kind}/${name.id}`;
