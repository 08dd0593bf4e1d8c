import { MemorySessionStore } from '../src/store/memory-session-store.ts';
import type { RecordChange, RecordKind, RecordName, SessionStore } from '../src/store/session-store.ts';

export class CrashError extends Error {
  readonly when: 'before' | 'after';

  constructor(when: 'before' | 'after') {
    super(`The process died ${when} the commit.`);
    this.when = when;
  }
}

/** A store whose process dies when the test says so: before the commit took effect, or after it but before anyone heard. */
export class CrashingStore implements SessionStore {
  readonly durable = new MemorySessionStore();
  #next: 'before' | 'after' | undefined;

  /** `undefined` takes an order back that no commit has met. */
  crashAtNextCommit(when: 'before' | 'after' | undefined): void {
    this.#next = when;
  }

  read(name: RecordName) {
    return this.durable.read(name);
  }
  list(kind: RecordKind, afterId: string, limit: number) {
    return this.durable.list(kind, afterId, limit);
  }
  generation() {
    return this.durable.generation();
  }

  async commit(changes: readonly RecordChange[]): Promise<'committed' | 'conflict'> {
    const when = this.#next;
    this.#next = undefined;
    if (when === 'before') throw new CrashError(when);
    const outcome = await this.durable.commit(changes);
    if (when === 'after') throw new CrashError(when);
    return outcome;
  }
}
