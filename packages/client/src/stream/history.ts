import { type ConversationId, LIMITS, type LogEntry, ROUTES, type UserEvent } from '@parley/protocol';
import type { Api } from '../api/api.ts';
import type { Store } from '../store/store.ts';

type Place = { before_seq: number } | { after_seq: number } | { around_seq: number } | Record<never, never>;

/** A page that was overtaken by a new state of the conversation is read again, so often. */
const TRIES_MAX = 3;
/** A conversation that is opened shows at least so many items, if there are any. */
const FIRST_ITEMS = 25;

/** Brings pages of history into the store. Each resolves when its page is there, and throws ApiError when it cannot be had; the same page is asked for once at a time. */
export class History {
  readonly #api: Pick<Api, 'call'>;
  readonly #store: Store;
  readonly #loading = new Map<string, Promise<void>>();

  constructor(api: Pick<Api, 'call'>, store: Store) {
    this.#api = api;
    this.#store = store;
  }

  /** The newest page, unless enough of it is here. */
  async loadNewest(conversationId: ConversationId): Promise<void> {
    const conversation = this.#store.getSnapshot().conversations[conversationId];
    if (conversation === undefined) return;
    const { timeline, resource } = conversation;
    const newest = timeline.ranges.at(-1);
    const isAtEnd = newest?.to === resource.head_seq;
    const isAtStart = newest !== undefined && newest.from <= Math.max(1, resource.my.visible_from_seq);
    if (isAtEnd && (isAtStart || timeline.items.filter((item) => item.seq >= newest.from).length >= FIRST_ITEMS))
      return;
    await this.#once(conversationId, {});
  }

  /** What lies before a place; without one, before everything that is here. */
  async loadOlder(conversationId: ConversationId, beforeSeq?: number): Promise<void> {
    const from = beforeSeq ?? this.#ranges(conversationId)[0]?.from;
    await this.#once(conversationId, from === undefined ? {} : { before_seq: from });
  }

  /** What lies after a place; without one, after everything that is here. */
  async loadNewer(conversationId: ConversationId, afterSeq?: number): Promise<void> {
    const to = afterSeq ?? this.#ranges(conversationId).at(-1)?.to;
    await this.#once(conversationId, to === undefined ? {} : { after_seq: to });
  }

  async loadAround(conversationId: ConversationId, seq: number): Promise<void> {
    await this.#once(conversationId, { around_seq: seq });
  }

  #ranges(conversationId: ConversationId) {
    return this.#store.getSnapshot().conversations[conversationId]?.timeline.ranges ?? [];
  }

  #once(conversationId: ConversationId, place: Place): Promise<void> {
    const key = `${conversationId} ${JSON.stringify(place)}`;
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#load(conversationId, place).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #load(conversationId: ConversationId, place: Place): Promise<void> {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const since: LogEntry[] = [];
      let isOvertaken = false;
      const unsubscribe = this.#store.subscribe((event) => {
        if (event.type === 'entries_arrived' && event.conversationId === conversationId) since.push(...event.entries);
        else if (
          (event.type === 'user_event_arrived' && changesMembership(event.event, conversationId)) ||
          event.type === 'conversation_refreshed' ||
          event.type === 'snapshot_taken' ||
          event.type === 'state_loaded'
        )
          isOvertaken = true;
      });
      try {
        const query = { ...place, limit: LIMITS.historyLimitDefault };
        const page = await this.#api.call(ROUTES.listMessages, { params: { conversation_id: conversationId }, query });
        if (isOvertaken || page.epoch !== this.#store.getSnapshot().epoch) continue;
        this.#store.dispatch({ type: 'page_loaded', conversationId, page, since });
        return;
      } finally {
        unsubscribe();
      }
    }
  }
}

/** A page of an earlier membership shows what this one may not see. */
function changesMembership(event: UserEvent, conversationId: ConversationId): boolean {
  if (event.type === 'conversation_joined') return event.conversation.conversation_id === conversationId;
  return event.type === 'conversation_left' && event.conversation_id === conversationId;
}
