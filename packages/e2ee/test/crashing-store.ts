import { MemorySessionStore } from '../src/store/memory-session-store.ts';
import type { RecordChange, RecordKind, RecordName, SessionStore } from '../src/store/session-store.ts';

export class CrashError extends Error {
  readonly when: 'before' | 'after';

  constructor(when: 'before' | 'after') {
    super(`The process died ${when} the commit.`);
    this.when = when;
  }
}

/** Which of the next commits the process dies at (0: the first): before it took effect, or after it but before anyone heard. */
export interface CrashPlan {
  readonly commitsBefore: number;
  readonly when: 'before' | 'after';
}

/** A store whose process dies when the test says so. */
export class CrashingStore implements SessionStore {
  readonly durable = new MemorySessionStore();
  #plan: CrashPlan | undefined;

  /** `undefined` takes back a plan that no commit has met. */
  planCrash(plan: CrashPlan | undefined): void {
    this.#plan = plan;
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
    const plan = this.#plan;
    const isNow = plan?.commitsBefore === 0;
    this.#plan = plan === undefined || isNow ? undefined : { ...plan, commitsBefore: plan.commitsBefore - 1 };
    if (isNow && plan.when === 'before') throw new CrashError('before');
    const outcome = await this.durable.commit(changes);
    if (isNow && plan.when === 'after') throw new CrashError('after');
    return outcome;
  }
}
