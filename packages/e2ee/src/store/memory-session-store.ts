import type { RecordChange, RecordKind, RecordName, SessionStore, StoredRecord } from './session-store.ts';

/** Lives as long as the process: for tests, and for devices that start anew each time. */
export class MemorySessionStore implements SessionStore {
  readonly #records = new Map<string, StoredRecord & { readonly name: RecordName }>();
  #generation = 0;

  async read(name: RecordName): Promise<StoredRecord | undefined> {
    return this.#records.get(keyOf(name));
  }

  async commit(changes: readonly RecordChange[]): Promise<'committed' | 'conflict'> {
    for (const { name, expectedVersion } of changes) {
      if ((this.#records.get(keyOf(name))?.version ?? 0) !== expectedVersion) return 'conflict';
    }
    this.#generation += 1;
    for (const { name, sealed } of changes) {
      if (sealed === undefined) this.#records.delete(keyOf(name));
      else this.#records.set(keyOf(name), { name, version: this.#generation, sealed: new Uint8Array(sealed) });
    }
    return 'committed';
  }

  async list(kind: RecordKind, afterId: string, limit: number): Promise<readonly string[]> {
    const ids = [...this.#records.values()].filter(({ name }) => name.kind === kind).map(({ name }) => name.id);
    return ids
      .filter((id) => id > afterId)
      .sort()
      .slice(0, limit);
  }

  async generation(): Promise<number> {
    return this.#generation;
  }
}

const keyOf = (name: RecordName): string => `${name.kind}/${name.id}`;
