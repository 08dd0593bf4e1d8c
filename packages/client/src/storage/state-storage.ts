import type { Me, User } from '@parley/protocol';
import type { HeldConversation } from '../store/state.ts';

/** Whose state it is and how far it goes in the user's log. The place in each conversation is `resource.head_seq` of its record. */
export interface StoredHeader {
  readonly epoch: string;
  readonly userSeq: number;
  readonly me: Me;
  readonly moreConversations: string | null;
}

export interface StoredState {
  readonly header: StoredHeader;
  readonly conversations: readonly HeldConversation[];
  readonly users: readonly User[];
}

/** What is different from the last save. */
export interface StateChanges extends StoredState {
  readonly removedConversationIds: readonly string[];
}

/**
 * Keeps the state between starts, so that a client opens without a connection. `save` is all or nothing: a position is stored together with the events
 * that it covers (S8). It resolves when the change survives a crash. `save` and `clear` throw NotWriterError, with nothing changed, when another tab has
 * become the writer.
 */
export interface StateStorage {
  load(): Promise<StoredState | undefined>;
  save(changes: StateChanges): Promise<void>;
  clear(): Promise<void>;
}

/** Another tab writes by now; this one is told so by `TabLink.becomeWriter`. */
export class NotWriterError extends Error {
  constructor() {
    super('Another tab of this browser has taken over. Nothing was stored.');
    this.name = 'NotWriterError';
  }
}

/** Forgets at the end of the process. */
export class MemoryStateStorage implements StateStorage {
  #state: StoredState | undefined;

  async load(): Promise<StoredState | undefined> {
    return this.#state;
  }
  async save(changes: StateChanges): Promise<void> {
    this.#state = withChanges(this.#state, changes);
  }
  async clear(): Promise<void> {
    this.#state = undefined;
  }
}

export function withChanges(before: StoredState | undefined, changes: StateChanges): StoredState {
  const conversations = new Map(before?.conversations.map((held) => [held.resource.conversation_id as string, held]));
  for (const id of changes.removedConversationIds) conversations.delete(id);
  for (const held of changes.conversations) conversations.set(held.resource.conversation_id, held);
  const users = new Map(before?.users.map((user) => [user.user_id, user]));
  for (const user of changes.users) users.set(user.user_id, user);
  return { header: changes.header, conversations: [...conversations.values()], users: [...users.values()] };
}
