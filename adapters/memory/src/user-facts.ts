import type { UserFact, UserLogEntry } from '@parley/core';
import type { UserId } from '@parley/protocol';

interface Facts {
  headSeq: number;
  /** Superseding key → entry, in order of seq: an entry that supersedes another is taken out and put behind. */
  readonly entries: Map<string, UserLogEntry>;
}

/** Facts of one key replace each other; all others stay for ever. */
function keyOf(fact: UserFact, seq: number): string {
  switch (fact.type) {
    case 'cursor_moved':
    case 'settings_changed':
      return `${fact.type} ${fact.conversationId}`;
    case 'profile_changed':
      return fact.type;
    default:
      return String(seq);
  }
}

/** The rows of all user logs, and the one listener that hears of new ones. */
export class UserFacts {
  readonly #facts = new Map<UserId, Facts>();
  #unannounced: UserLogEntry[] = [];
  #listener: (entries: readonly UserLogEntry[]) => void = () => {};

  append(userId: UserId, fact: UserFact): void {
    let facts = this.#facts.get(userId);
    if (facts === undefined) {
      facts = { headSeq: 0, entries: new Map() };
      this.#facts.set(userId, facts);
    }
    facts.headSeq += 1;
    const key = keyOf(fact, facts.headSeq);
    const entry = { userId, seq: facts.headSeq, ...fact };
    facts.entries.delete(key);
    facts.entries.set(key, entry);
    this.#unannounced.push(entry);
    // After the verb that writes is through, so that the listener sees all of it.
    if (this.#unannounced.length === 1) queueMicrotask(() => this.#announce());
  }

  headOf(userId: UserId): number {
    return this.#facts.get(userId)?.headSeq ?? 0;
  }

  of(userId: UserId): Iterable<UserLogEntry> {
    return this.#facts.get(userId)?.entries.values() ?? [];
  }

  /** The user is deleted: nothing is kept. */
  forget(userId: UserId): void {
    this.#facts.delete(userId);
  }

  listen(listener: (entries: readonly UserLogEntry[]) => void): void {
    this.#listener = listener;
  }

  #announce(): void {
    const entries = this.#unannounced;
    this.#unannounced = [];
    this.#listener(entries);
  }
}
