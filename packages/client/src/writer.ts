import type { ConversationId, ServerFrame, WriteAnswer } from '@parley/protocol';
import type { Api } from './api/api.ts';
import { ApiError, SignedOutError } from './api/api-error.ts';
import type { Session } from './api/session.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectionStatus } from './connection/status.ts';
import type { ClientEnvironment } from './environment.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { OutboxRow } from './outbox/outbox-row.ts';
import { StateSaver } from './storage/state-saver.ts';
import type { StateStorage } from './storage/state-storage.ts';
import { leavesLastMessageOpen } from './store/fold-entry.ts';
import { type ClientState, LIST_BEGINNING } from './store/state.ts';
import type { Store } from './store/store.ts';
import type { StoreEvent } from './store/store-event.ts';
import { ConversationSource } from './stream/conversation-source.ts';
import { entryOfAck } from './stream/entry-of-ack.ts';
import { EntryStream } from './stream/entry-stream.ts';
import { LiveInterests } from './stream/live-interests.ts';
import { MailboxStream } from './stream/mailbox-stream.ts';
import { ReceiptsOut } from './stream/receipts-out.ts';
import { synchronise } from './stream/synchronise.ts';
import { TypingIn } from './stream/typing-in.ts';
import { UserEventStream } from './stream/user-event-stream.ts';
import type { Interests } from './tabs/interests.ts';
import type { TabMessage } from './tabs/tab-link.ts';
import type { OpenTransport, TransportKind } from './transport/transport.ts';

/** No event tells what is unread in a channel that is not open: the list is asked so often while the connection lasts (SYNC-11), each device at its own beat. */
const COUNTS_EVERY_MS = 60_000;
/** Who looks at the app again sees counts that are not older than this. */
const COUNTS_AGE_MS = 10_000;
/** After a list that could not be had. */
const LIST_RETRY_MS = 3_000;

export interface WriterParts {
  readonly environment: ClientEnvironment;
  readonly api: Api;
  readonly session: Session;
  readonly store: Store;
  readonly stateStorage: StateStorage;
  readonly transports: Readonly<Record<TransportKind, OpenTransport>>;
  readonly interests: Interests;
  outbox(): Outbox;
}

/**
 * The connected part of a client: frames become events of the store, what the store holds is saved, and what is saved is acknowledged. Of several tabs
 * of one profile one has it at work.
 */
export class Writer {
  readonly connection: Connection;
  readonly mailbox: MailboxStream;
  readonly saver: StateSaver;
  readonly liveInterests: LiveInterests;
  readonly #parts: WriterParts;
  readonly #entries: EntryStream;
  readonly #userEvents: UserEventStream;
  readonly #receipts: ReceiptsOut;
  readonly #typing: TypingIn;
  readonly #source: ConversationSource;
  #cancelCounts: (() => void) | undefined;
  #cancelList: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #countedAt = 0;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    const { environment, api, session, store, stateStorage, transports, interests } = parts;
    const connection = new Connection({
      environment,
      transports,
      accessToken: (rejected) => session.accessToken(rejected),
      synchronise: (ask, tell) => synchronise(store, this.#source.takeSnapshot, ask, tell),
      onStatus: (status) => this.#onStatus(status),
      onFrame: (frame) => this.#onFrame(frame),
      onLost: () => this.#onLost(),
    });
    this.connection = connection;
    this.#source = new ConversationSource(api, store, (command) => connection.ask(command));
    this.#entries = new EntryStream({
      environment,
      store,
      fetchEntries: this.#source.fetchEntries,
      fetchConversation: this.#source.fetchConversation,
      isWriting: (conversationId) => parts.outbox().isWriting(conversationId),
    });
    this.#userEvents = new UserEventStream(store, () => connection.restart());
    this.#receipts = new ReceiptsOut(environment, store, (receipt) => connection.tell(receipt));
    this.#typing = new TypingIn(environment, store);
    this.saver = new StateSaver(environment, store, stateStorage, (state) => this.#receipts.stored(state));
    this.mailbox = new MailboxStream({
      environment,
      tell: (command) => connection.tell(command),
      onOverflow: () => connection.restart(),
    });
    this.liveInterests = new LiveInterests({
      environment,
      api,
      store,
      interests,
      ask: (command) => connection.ask(command),
      restart: () => connection.restart(),
    });
  }

  /** Begins to save and to acknowledge. `stored`: what the storage holds already. */
  begin(stored: ClientState): void {
    this.saver.begin(stored);
    this.#receipts.stored(stored);
    this.#unsubscribe = this.#parts.store.subscribe((event) => this.#onEvent(event));
    this.saver.changed();
  }

  /** Another tab does all this from now on; `begin` takes it up again. */
  end(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.saver.end();
    this.connection.disconnect();
  }

  /** What other tabs ask of the one that writes. */
  receive(message: TabMessage): void {
    const { store, interests, outbox } = this.#parts;
    if (message.type === 'connection_wanted') this.connection.connect();
    if (message.type === 'network_changed') this.connection.networkChanged(message.isOnline);
    if (message.type === 'looked_at') this.lookedAt();
    if (message.type === 'row_stored') outbox().adopt(message.row);
    if (message.type === 'row_discarded') store.dispatch({ type: 'outbox_removed', clientMsgId: message.clientMsgId });
    if (message.type === 'marked') store.dispatch(message.event);
    if (message.type === 'tell') this.connection.tell(message.command);
    if (message.type !== 'interest') return;
    interests.set(message.tab, message);
    this.liveInterests.changed();
  }

  /** An acknowledgement stands for its entry; where it cannot (a forward), the log is read. */
  onStored(row: OutboxRow, answer: WriteAnswer): void {
    if (answer.seq === undefined) return;
    const entry = entryOfAck(row, answer, row.userId);
    if (entry === undefined) this.#entries.expect(row.conversationId, answer.seq);
    else this.#entries.take(entry);
  }

  #onEvent(event: StoreEvent): void {
    if (event.type === 'entries_arrived')
      for (const entry of event.entries)
        if (entry.sender_id === this.#parts.store.getSnapshot().me?.user_id && 'client_msg_id' in entry)
          if (entry.client_msg_id !== undefined) this.#parts.outbox().seen(entry.client_msg_id);
    const facts =
      event.type === 'entries_arrived' ? event.entries : event.type === 'user_event_arrived' ? [event.event] : [];
    for (const fact of facts)
      if (leavesLastMessageOpen(fact) && 'conversation_id' in fact) this.#findLastMessage(fact.conversation_id);
    if (event.type === 'user_event_arrived' && event.event.type === 'conversation_joined')
      this.liveInterests.membershipChanged(event.event.conversation.conversation_id);
    if (event.type === 'user_event_arrived' && event.event.type === 'conversation_left')
      this.liveInterests.membershipChanged(event.event.conversation_id);
    if (event.type === 'user_event_arrived' && event.event.type === 'settings_changed' && this.#lacksSomeOfList())
      this.#loadList();
    if (event.type === 'conversations_found' || event.type === 'snapshot_taken') this.liveInterests.changed();
    if (event.type === 'read_marked') this.#receipts.readMarked();
    this.saver.changed();
  }

  #onStatus(status: ConnectionStatus): void {
    const { store, outbox } = this.#parts;
    store.dispatch({ type: 'status_changed', status });
    if (status.kind !== 'live') return;
    this.#receipts.live();
    outbox().live();
    this.liveInterests.live();
    this.#loadList();
    this.#try(() => this.#source.refreshHints(this.#isChannelLive));
    this.#countLater();
  }

  readonly #isChannelLive = (id: ConversationId): boolean => this.#parts.interests.channelIds.has(id);

  /** Somebody looks at the app (again). */
  lookedAt(): void {
    const ageMs = this.#parts.environment.now() - this.#countedAt;
    if (this.connection.status.kind === 'live' && (ageMs >= COUNTS_AGE_MS || ageMs < 0)) this.#count();
  }

  #count(): void {
    this.#try(() => this.#source.refreshCounts(this.#isChannelLive));
    this.#countLater();
  }

  #countLater(): void {
    const { environment } = this.#parts;
    this.#countedAt = environment.now();
    this.#cancelCounts?.();
    this.#cancelCounts = environment.after(Math.floor(COUNTS_EVERY_MS * (0.75 + environment.random() / 2)), () =>
      this.#count(),
    );
  }

  #lacksSomeOfList(): boolean {
    return (
      this.connection.status.kind === 'live' && this.#parts.store.getSnapshot().moreConversations === LIST_BEGINNING
    );
  }

  /** No event brings what the list has and the device does not: it is asked for until it comes. */
  #loadList(): void {
    this.#cancelList?.();
    this.#cancelList = undefined;
    const retryLater = (): void => {
      if (this.connection.status.kind !== 'live') return;
      this.#cancelList ??= this.#parts.environment.after(LIST_RETRY_MS, () => this.#loadList());
    };
    this.#try(() =>
      this.#source.loadRestOfList().then(
        (outcome) => (outcome === 'later' ? retryLater() : undefined),
        (error: unknown) => {
          if (error instanceof ApiError && error.retry === 'later') retryLater();
          throw error;
        },
      ),
    );
  }

  #findLastMessage(conversationId: ConversationId): void {
    const resource = this.#parts.store.getSnapshot().conversations[conversationId]?.resource;
    if (resource?.last_message === null) this.#try(() => this.#source.findLastMessage(conversationId));
  }

  /** For what is useful, not needed: if it cannot be had now, a later look or the next connection brings it. */
  #try(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!(error instanceof ApiError) && !(error instanceof SignedOutError)) this.#parts.environment.report(error);
    });
  }

  #onLost(): void {
    this.#cancelCounts?.();
    this.#cancelCounts = undefined;
    this.#cancelList?.();
    this.#cancelList = undefined;
    this.#source.reset();
    this.#entries.reset();
    this.#userEvents.reset();
    this.#receipts.reset();
    this.#typing.reset();
    this.mailbox.reset();
    this.liveInterests.reset();
    this.#parts.outbox().lost();
  }

  #onJoined(frame: Extract<ServerFrame, { type: 'conversation_joined' }>): void {
    this.#userEvents.take(frame);
    // One that was held already (its creator has it from the answer) is live only from this place on: what lies before comes from the log.
    return this.#entries.expect(frame.conversation.conversation_id, frame.conversation.head_seq);
  }

  #onFrame(frame: ServerFrame): void {
    const { store } = this.#parts;
    switch (frame.type) {
      case 'conversation_created':
      case 'new_message':
      case 'message_edited':
      case 'message_deleted':
      case 'reaction':
      case 'member_added':
      case 'member_removed':
      case 'member_role_changed':
      case 'conversation_updated':
      case 'author_erased':
        this.#entries.take(frame);
        break;
      case 'conversation_joined':
        return this.#onJoined(frame);
      case 'conversation_left':
      case 'cursor_moved':
      case 'settings_changed':
      case 'message_hidden':
      case 'profile_changed':
      case 'devices_changed':
        this.#userEvents.take(frame);
        break;
      case 'resumed':
        this.#userEvents.resumed(frame.user_seq);
        break;
      case 'conversation_gap':
        store.dispatch({ type: 'conversation_refreshed', conversation: frame.conversation });
        break;
      case 'receipts':
        store.dispatch({
          type: 'receipts_arrived',
          conversationId: frame.conversation_id,
          cursors: frame.cursors,
          all: frame.all,
        });
        break;
      case 'typing_start':
        this.#typing.started(frame.conversation_id, frame.user_id);
        break;
      case 'typing_stop':
        this.#typing.stopped(frame.conversation_id, frame.user_id);
        break;
      case 'presence_update': {
        const { type: _, ...presence } = frame;
        store.dispatch({ type: 'presence_changed', items: [presence] });
        break;
      }
      case 'mailbox_item':
        this.mailbox.take(frame);
        break;
      // The connection's own: greeting, answers to commands, the end.
      case 'hello':
      case 'authenticated':
      case 'resync_required':
      case 'msg_ack':
      case 'done':
      case 'entries':
      case 'pong':
      case 'error':
      case 'closing':
        break;
    }
  }
}
