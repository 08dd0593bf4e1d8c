import { type Conversation, type ConversationId, LIMITS, type Message, ROUTES } from '@parley/protocol';
import type { Api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import type { Asking, Reply } from '../connection/replies.ts';
import { ARCHIVE, type HeldConversation, LIST_BEGINNING } from '../store/state.ts';
import type { Store } from '../store/store.ts';
import type { LogRange } from './entry-stream.ts';

/** The pages of the list beyond the snapshot that are read by itself; more are read when the view asks. */
const LIST_PAGES_MAX = 10;
/** An answer that was overtaken by the user's log is asked for again, so often. */
const TRIES_MAX = 3;

/** Where conversations come from when they do not come as events: the snapshot, the list, a single look, a range of a log. */
export class ConversationSource {
  readonly #api: Pick<Api, 'call'>;
  readonly #store: Store;
  readonly #ask: (command: Asking) => Promise<Reply | 'lost'>;
  /** Counts connections: an answer that was asked for on an earlier one may be of another account. */
  #connection = 0;

  constructor(api: Pick<Api, 'call'>, store: Store, ask: (command: Asking) => Promise<Reply | 'lost'>) {
    this.#api = api;
    this.#store = store;
    this.#ask = ask;
  }

  /** The connection is gone, perhaps because the device was logged out: what is under way must not be shown any more. */
  reset(): void {
    this.#connection += 1;
  }

  /** The first state of a device, newest conversations first (SYNC-8). Throws ApiError or SignedOutError. */
  readonly takeSnapshot = async (): Promise<void> => {
    const connection = this.#connection;
    const snapshot = await this.#api.call(ROUTES.getSnapshot, { query: { limit: LIMITS.listLimitMax } });
    if (connection === this.#connection) this.#store.dispatch({ type: 'snapshot_taken', snapshot });
  };

  /** What the snapshot had no room for, and what is archived. `later`: the answers were overtaken. Throws ApiError or SignedOutError. */
  async loadRestOfList(): Promise<'done' | 'later'> {
    const connection = this.#connection;
    for (let pages = 0; pages < LIST_PAGES_MAX; pages += 1) {
      const { moreConversations, epoch } = this.#store.getSnapshot();
      if (moreConversations === null) return 'done';
      const isArchive = moreConversations.startsWith(ARCHIVE);
      const cursor = isArchive ? moreConversations.slice(ARCHIVE.length) : moreConversations;
      const from = cursor === LIST_BEGINNING ? {} : { cursor };
      const query = { ...from, ...(isArchive ? { archived: 'true' } : {}), limit: LIMITS.listLimitMax };
      const page = await this.#notOvertaken(() => this.#api.call(ROUTES.listConversations, { query }));
      if (connection !== this.#connection) return 'done';
      if (page === undefined) return 'later';
      // A snapshot that came in between begins the list anew.
      if (this.#store.getSnapshot().moreConversations !== moreConversations) continue;
      if (this.#store.getSnapshot().epoch !== epoch) return 'done';
      const more = page.next_cursor === null ? null : `${isArchive ? ARCHIVE : ''}${page.next_cursor}`;
      this.#store.dispatch({
        type: 'conversations_found',
        conversations: page.items,
        more: more ?? (isArchive ? null : ARCHIVE),
      });
    }
    return 'done';
  }

  /**
   * What no log tells: receipts that were given while this device was away, or that were lost (they are hints, RCPT-2), and the unread counts of channels
   * that are not open (SYNC-11). Throws ApiError or SignedOutError.
   */
  async refreshHints(isLive: (id: ConversationId) => boolean): Promise<void> {
    const held = Object.values(this.#store.getSnapshot().conversations);
    const userId = this.#store.getSnapshot().me?.user_id;
    const isAwaited = (one: HeldConversation): boolean =>
      awaitsReceipts(one, userId) || isClosedChannel(one.resource, isLive);
    await this.#readLists(held.filter(isAwaited), isLive);
  }

  /** The unread counts alone. Throws as `refreshHints`. */
  async refreshCounts(isLive: (id: ConversationId) => boolean): Promise<void> {
    const held = Object.values(this.#store.getSnapshot().conversations);
    const closed = held.filter(({ resource }) => isClosedChannel(resource, isLive));
    await this.#readLists(closed, isLive);
  }

  /** The first page of the list, of the archive, or of both: of what these stand in. */
  async #readLists(wanted: readonly HeldConversation[], isLive: (id: ConversationId) => boolean): Promise<void> {
    const lists = new Set(wanted.map(({ resource }) => resource.my.settings.archived));
    for (const archived of lists) await this.#readList(archived, isLive);
  }

  async #readList(archived: boolean, isLive: (id: ConversationId) => boolean): Promise<void> {
    const connection = this.#connection;
    const query = { ...(archived ? { archived: 'true' } : {}), limit: LIMITS.listLimitMax };
    const page = await this.#notOvertaken(() => this.#api.call(ROUTES.listConversations, { query }));
    if (page === undefined || connection !== this.#connection) return;
    for (const conversation of page.items) {
      const { conversation_id: conversationId, receipts } = conversation;
      const headSeq = this.#store.getSnapshot().conversations[conversationId]?.resource.head_seq;
      if (isClosedChannel(conversation, isLive) && headSeq !== conversation.head_seq)
        this.#store.dispatch({ type: 'conversation_refreshed', conversation });
      this.#store.dispatch({ type: 'receipts_found', conversationId, receipts });
    }
  }

  readonly fetchConversation = async (conversationId: ConversationId): Promise<'found' | 'gone' | 'later'> => {
    const connection = this.#connection;
    try {
      const params = { conversation_id: conversationId };
      const conversation = await this.#notOvertaken(() => this.#api.call(ROUTES.getConversation, { params }));
      if (conversation === undefined || connection !== this.#connection) return 'later';
      this.#store.dispatch({ type: 'conversation_refreshed', conversation });
      return 'found';
    } catch (error) {
      return error instanceof ApiError && error.retry === 'later' ? 'later' : 'gone';
    }
  };

  /**
   * The answer to a question about what is mine (which conversations, settings, cursors), which the user's log tells too: while the log went on, it is not
   * known which of the two is newer, and what was left meanwhile must not come back. Undefined: overtaken each time.
   */
  async #notOvertaken<T>(ask: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const { userSeq } = this.#store.getSnapshot();
      const answer = await ask();
      if (this.#store.getSnapshot().userSeq === userSeq) return answer;
    }
    return undefined;
  }

  /** Throws ApiError or SignedOutError. */
  async findLastMessage(conversationId: ConversationId): Promise<void> {
    const connection = this.#connection;
    const params = { conversation_id: conversationId };
    const found = await this.#api.call(ROUTES.getConversation, { params });
    if (connection !== this.#connection) return;
    const { last_message: message, last_activity_at: lastActivityAt } = found;
    this.#store.dispatch({ type: 'last_message_found', conversationId, message, lastActivityAt });
  }

  readonly fetchEntries = async (
    conversationId: ConversationId,
    afterSeq: number,
    limit: number,
  ): Promise<LogRange | 'gone' | 'later'> => {
    const place = { conversation_id: conversationId, after_seq: afterSeq, limit };
    const reply = await this.#ask({ type: 'fetch_entries', ...place });
    // Not live yet, or not any more: then the waiting is forgotten with the connection.
    if (reply === 'lost') return 'later';
    if (reply.type === 'entries')
      return { entries: reply.entries, coveredUpTo: reply.covered_up_to, headSeq: reply.head_seq };
    return reply.type === 'error' && reply.code === 'NOT_FOUND' ? 'gone' : 'later';
  };
}

const isClosedChannel = (conversation: Conversation, isLive: (id: ConversationId) => boolean): boolean =>
  conversation.kind === 'channel' && !isLive(conversation.conversation_id);

/** An own message that is here is not known to be read by all. */
function awaitsReceipts({ resource, timeline }: HeldConversation, userId: string | undefined): boolean {
  const isAwaiting = (message: Message): boolean =>
    message.sender_id === userId && message.seq > resource.receipts.read_up_to;
  if (resource.kind === 'channel') return false;
  if (resource.last_message !== null && isAwaiting(resource.last_message)) return true;
  return timeline.items.some((item) => item.kind === 'message' && isAwaiting(item.message));
}
