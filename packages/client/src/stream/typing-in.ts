import type { ConversationId, UserId } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import type { Store } from '../store/store.ts';

const EXPIRES_MS = 5_000;
/** Timers for people who type at the same time; more are not shown. */
const TYPISTS_MAX = 200;

/** Shows who types and takes it back when nothing follows (TYPE-1): the reducer knows no time. */
export class TypingIn {
  readonly #environment: Pick<ClientEnvironment, 'now' | 'after'>;
  readonly #store: Store;
  readonly #timers = new Map<string, () => void>();

  constructor(environment: Pick<ClientEnvironment, 'now' | 'after'>, store: Store) {
    this.#environment = environment;
    this.#store = store;
  }

  started(conversationId: ConversationId, userId: UserId): void {
    const key = `${conversationId} ${userId}`;
    this.#timers.get(key)?.();
    if (!this.#timers.has(key) && this.#timers.size >= TYPISTS_MAX) return;
    const untilMs = this.#environment.now() + EXPIRES_MS;
    this.#store.dispatch({ type: 'typing_changed', conversationId, userId, untilMs });
    this.#timers.set(
      key,
      this.#environment.after(EXPIRES_MS, () => this.stopped(conversationId, userId)),
    );
  }

  stopped(conversationId: ConversationId, userId: UserId): void {
    const key = `${conversationId} ${userId}`;
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    this.#store.dispatch({ type: 'typing_changed', conversationId, userId, untilMs: null });
  }

  reset(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
