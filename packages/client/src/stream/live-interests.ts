import { type ConversationId, ERRORS, ROUTES } from '@parley/protocol';
import type { Api } from '../api/api.ts';
import { ApiError, SignedOutError } from '../api/api-error.ts';
import type { Asking, Reply } from '../connection/replies.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { Store } from '../store/store.ts';
import type { Interests } from '../tabs/interests.ts';

/** What could not be had is asked for again after this time, so that a server in trouble is not asked in a loop. */
const RETRY_MS = 3_000;

export interface LiveInterestsParts {
  readonly environment: Pick<ClientEnvironment, 'after' | 'report'>;
  readonly api: Pick<Api, 'call'>;
  readonly store: Store;
  readonly interests: Interests;
  ask(command: Asking): Promise<Reply | 'lost'>;
  /** Gives the connection up and syncs again. */
  restart(): void;
}

/** Keeps what is looked at live on the present connection: open channels (SYNC-11) and the presence of those who are shown (PRES-2). */
export class LiveInterests {
  readonly #parts: LiveInterestsParts;
  /** Channels with the request that the present connection was given last. */
  readonly #subscribed = new Map<ConversationId, Promise<Reply | 'lost'>>();
  #watched = '';
  #isLive = false;
  #cancelRetry: (() => void) | undefined;

  constructor(parts: LiveInterestsParts) {
    this.#parts = parts;
  }

  live(): void {
    this.#isLive = true;
    this.changed();
  }

  reset(): void {
    this.#isLive = false;
    this.#subscribed.clear();
    this.#watched = '';
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  changed(): void {
    if (!this.#isLive) return;
    const { interests, environment } = this.#parts;
    const { channelIds } = interests;
    for (const id of channelIds) if (!this.#subscribed.has(id)) void this.#subscribe(id).catch(environment.report);
    for (const id of this.#subscribed.keys()) {
      if (channelIds.has(id)) continue;
      this.#subscribed.delete(id);
      void this.#parts.ask({ type: 'unsubscribe', conversation_id: id });
    }
    this.#watch().catch((error: unknown) => {
      if (error instanceof ApiError) this.#watchLater();
      else if (!(error instanceof SignedOutError)) environment.report(error);
    });
  }

  /** The server follows a channel no longer than the membership lasts; a new one begins without it. */
  membershipChanged(conversationId: ConversationId): void {
    if (!this.#parts.interests.channelIds.has(conversationId)) return;
    this.#subscribed.delete(conversationId);
    this.changed();
  }

  async #subscribe(conversationId: ConversationId): Promise<void> {
    const conversation = this.#parts.store.getSnapshot().conversations[conversationId];
    if (conversation === undefined) return;
    const after = { conversation_id: conversationId, after_seq: conversation.resource.head_seq };
    const asking = this.#parts.ask({ type: 'subscribe', ...after });
    this.#subscribed.set(conversationId, asking);
    const reply = await asking;
    // Lost with its connection, closed meanwhile, or asked for anew.
    if (reply === 'lost' || this.#subscribed.get(conversationId) !== asking || reply.type === 'done') return;
    if (reply.type === 'resync_required') return this.#parts.restart();
    // No member any more: the user log tells it, and of a new membership too.
    if (reply.type !== 'error' || ERRORS[reply.code].retry !== 'later') return;
    this.#subscribed.delete(conversationId);
    this.#retryLater();
  }

  #watchLater(): void {
    this.#watched = '';
    this.#retryLater();
  }

  #retryLater(): void {
    if (!this.#isLive) return;
    this.#cancelRetry ??= this.#parts.environment.after(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      this.changed();
    });
  }

  async #watch(): Promise<void> {
    const userIds = this.#parts.interests.userIds;
    const watched = [...userIds].sort().join(' ');
    if (watched === this.#watched) return;
    this.#watched = watched;
    const { store, api } = this.#parts;
    const reply = await this.#parts.ask({ type: 'presence_watch', user_ids: userIds });
    if (reply === 'lost' || watched !== this.#watched) return;
    if (reply.type === 'error') {
      if (ERRORS[reply.code].retry === 'later') this.#watchLater();
      return;
    }
    if (userIds.length === 0) return;
    // Asked for after the watch began, so that no change falls between; what changed meanwhile is newer than the answer.
    const before = store.getSnapshot().presence;
    const { items } = await api.call(ROUTES.queryPresence, { body: { user_ids: userIds } });
    const now = store.getSnapshot().presence;
    const unchanged = items.filter(({ user_id: id }) => before[id] === now[id]);
    if (this.#isLive && watched === this.#watched) store.dispatch({ type: 'presence_changed', items: unchanged });
  }
}
