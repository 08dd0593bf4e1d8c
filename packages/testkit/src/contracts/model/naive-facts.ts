import type { UserFact, UserLogEntry } from '@parley/core';
import type { UserId } from '@parley/protocol';

/** User logs that never forget; what was superseded is left out when they are read. */
export class NaiveFacts {
  readonly #facts = new Map<UserId, UserFact[]>();

  push(userId: UserId, fact: UserFact): void {
    this.#facts.set(userId, [...(this.#facts.get(userId) ?? []), fact]);
  }

  read(userId: UserId): UserLogEntry[] {
    const entries = (this.#facts.get(userId) ?? []).map((fact, index) => ({ userId, seq: index + 1, ...fact }));
    return entries.filter((entry) => !entries.some((later) => later.seq > entry.seq && supersedes(later, entry)));
  }
}

function supersedes(later: UserFact, earlier: UserFact): boolean {
  if (later.type !== earlier.type) return false;
  if (later.type === 'profile_changed') return true;
  const isReplaced = later.type === 'cursor_moved' || later.type === 'settings_changed';
  return isReplaced && 'conversationId' in earlier && later.conversationId === earlier.conversationId;
}
