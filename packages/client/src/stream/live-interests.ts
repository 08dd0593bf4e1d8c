import { type ConversationId, ROUTES } from '@parley/protocol';
import type { Api } from '../api/api.ts';
import type { Asking, Reply } from '../connection/replies.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { Store } from '../store/store.ts';
import type { Interests } from '../tabs/interests.ts';

export interface LiveInterestsParts {
  readonly environment: Pick<ClientEnvironment, 'report'>;
  readonly api: Pick<Api, 'call'>;
  readonly store: Store;
  readonly interests: Interests;
  ask(command: Asking): Promise<Reply | 'lost'>;
}

/** Keeps what is looked at live on the present connection: open channels (SYNC-11) and the presence of those who are shown (PRES-2). */
export class LiveInterests {
  readonly #parts: LiveInterestsParts;
  readonly #subscribed = new Set<ConversationId>();
  #watched = '';
  #isLive = false;

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
  }

  changed(): void {
    if (!this.#isLive) return;
    const { interests, environment } = this.#parts;
    const { channelIds } = interests;
    for (const id of channelIds) if (!this.#subscribed.has(id)) this.#subscribe(id);
    for (const id of this.#subscribed) {
      if (channelIds.has(id)) continue;
      this.#subscribed.delete(id);
      void this.#parts.ask({ type: 'unsubscribe', conversation_id: id });
    }
    void this.#watch().catch(environment.report);
  }

  #subscribe(conversationId: ConversationId): void {
    const conversation = this.#parts.store.getSnapshot().conversations[conversationId];
    if (conversation === undefined) return;
    this.#subscribed.add(conversationId);
    const after = { conversation_id: conversationId, after_seq: conversation.resource.head_seq };
    void this.#parts.ask({ type: 'subscribe', ...after });
  }

  async #watch(): Promise<void> {
    const userIds = this.#parts.interests.userIds;
    const watched = [...userIds].sort().join(' ');
    if (watched === this.#watched) return;
    this.#watched = watched;
    const { store, api } = this.#parts;
    const reply = await this.#parts.ask({ type: 'presence_watch', user_ids: userIds });
    if (reply === 'lost' || reply.type === 'error' || userIds.length === 0) return;
    // Asked for after the watch began, so that no change falls between; what changed meanwhile is newer than the answer.
    const before = store.getSnapshot().presence;
    const { items } = await api.call(ROUTES.queryPresence, { body: { user_ids: userIds } });
    const now = store.getSnapshot().presence;
    const unchanged = items.filter(({ user_id: id }) => before[id] === now[id]);
    if (this.#isLive && watched === this.#watched) store.dispatch({ type: 'presence_changed', items: unchanged });
  }
}
