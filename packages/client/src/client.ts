import {
  binaryCodec,
  type ContentInput,
  type Conversation,
  type ConversationId,
  type DeviceId,
  jsonCodec,
  ROUTES,
  type RouteInput,
  type SessionTokens,
  type UserId,
} from '@parley/protocol';
import { Api } from './api/api.ts';
import { ApiError, SignedOutError } from './api/api-error.ts';
import { createConversation } from './api/create-conversation.ts';
import { Session } from './api/session.ts';
import { MemoryTokenStorage } from './api/token-storage.ts';
import type { ClientOptions } from './client-options.ts';
import { type ClientEnvironment, defaultEnvironment } from './environment.ts';
import { checkedContent } from './outbox/checked-content.ts';
import { Outbox } from './outbox/outbox.ts';
import type { OutboxRow, OutboxWrite } from './outbox/outbox-row.ts';
import { MemoryOutboxStorage } from './outbox/outbox-storage.ts';
import { storedStateOf } from './storage/state-saver.ts';
import { MemoryStateStorage, type StateStorage } from './storage/state-storage.ts';
import { foundConversation } from './store/found-conversation.ts';
import { readMarkOf } from './store/read-mark.ts';
import { reactionAfterOutbox } from './store/selectors.ts';
import { Store } from './store/store.ts';
import { History } from './stream/history.ts';
import type { MailboxHandler } from './stream/mailbox-stream.ts';
import { TypingOut } from './stream/typing-out.ts';
import { type Interest, Interests } from './tabs/interests.ts';
import { SharedState } from './tabs/shared-state.ts';
import type { TabLink, TabMessage } from './tabs/tab-link.ts';
import { TabView } from './tabs/tab-view.ts';
import { longPollTransport } from './transport/long-poll-transport.ts';
import { webSocketTransport } from './transport/web-socket-transport.ts';
import { Writer } from './writer.ts';

/** Opens what is stored on this device. Works without a connection: call `connect` for one. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const client = new Client(options);
  await client.open();
  return client;
}

/** One device of one user. What happens is in `store`; everything else that the server can do is `api.call(ROUTES.…)`. */
export class Client {
  readonly store: Store;
  readonly api: Api;
  readonly #environment: ClientEnvironment;
  readonly #session: Session;
  readonly #stateStorage: StateStorage;
  readonly #tabs: TabLink | undefined;
  readonly #tab: string;
  readonly #shared: SharedState;
  readonly #interests = new Interests();
  readonly #outbox: Outbox;
  readonly #history: History;
  readonly #typing: TypingOut;
  readonly #writer: Writer;
  readonly #view: TabView;
  #isWriter = false;
  /** Counts the times that this tab stopped being the writer. */
  #term = 0;
  #wantsConnection = false;

  constructor(options: ClientOptions) {
    const environment = options.environment ?? defaultEnvironment;
    const store = new Store((error) => environment.report(error));
    this.store = store;
    this.#environment = environment;
    this.#session = new Session(environment, options.url, options.tokens ?? new MemoryTokenStorage());
    this.api = new Api(environment, options.url, this.#session);
    this.#stateStorage = options.storage ?? new MemoryStateStorage();
    this.#tabs = options.tabs;
    this.#tab = environment.uuid();
    this.#shared = new SharedState(store, (message) => this.#tabs?.post(message), this.#tab);
    this.#history = new History(this.api, store);
    const codec = options.codec === 'json' ? jsonCodec : binaryCodec;
    this.#writer = new Writer({
      environment,
      api: this.api,
      session: this.#session,
      store,
      stateStorage: this.#stateStorage,
      transports: {
        websocket: webSocketTransport(environment, options.url, codec),
        long_poll: longPollTransport(this.api),
      },
      interests: this.#interests,
      outbox: () => this.#outbox,
    });
    const { connection } = this.#writer;
    this.#outbox = new Outbox({
      environment,
      storage: options.outbox ?? new MemoryOutboxStorage(),
      store,
      ask: (command) => connection.ask(command),
      onStored: (row, answer) => this.#writer.onStored(row, answer),
    });
    this.#typing = new TypingOut(environment, (command) =>
      this.#isWriter ? connection.tell(command) : this.#tabs?.post({ type: 'tell', command }),
    );
    this.#view = new TabView({
      environment,
      store,
      history: this.#history,
      onChanged: (interest) => this.#interestChanged(interest),
    });
  }

  /** Once, before anything else (`createClient` does it). */
  async open(): Promise<void> {
    await this.#load();
    if (this.#tabs === undefined) return this.#lead();
    this.#tabs.listen((message) => this.#onMessage(message));
    this.#shared.follow();
    this.#tabs.becomeWriter(
      () => void this.#lead().catch(this.#environment.report),
      () => this.#stepBack(),
    );
  }

  async #load(): Promise<void> {
    const session = await this.#session.load();
    if (session === undefined) return;
    const state = await storedStateOf(this.#stateStorage);
    if (state.me?.user_id === session.userId) this.store.dispatch({ type: 'state_loaded', state });
    await this.#outbox.load(session);
  }

  async #lead(): Promise<void> {
    const term = this.#term;
    const stored = await storedStateOf(this.#stateStorage);
    // The writer before may have gone further since this tab was opened; what it told is as good as what it stored.
    if (this.#shared.writer === undefined) await this.#load();
    if (term !== this.#term) return;
    this.#isWriter = true;
    this.#writer.begin(stored);
    this.#shared.lead();
    // Rows that other tabs stored while nobody wrote.
    const session = await this.#session.load();
    if (session !== undefined) await this.#outbox.load(session);
    if (this.#isWriter && this.#wantsConnection) this.#writer.connection.connect();
  }

  /** Another tab has become the writer, because this one did not answer for a while. */
  #stepBack(): void {
    this.#term += 1;
    if (this.#isWriter) this.#writer.end();
    this.#isWriter = false;
    this.#shared.stepBack();
  }

  #onMessage(message: TabMessage): void {
    const writer = this.#shared.writer;
    this.#shared.receive(message);
    // The writer before is gone, and with it what it knew of this tab.
    if (this.#shared.writer !== writer) this.#interestChanged(this.#view.interest);
    if (message.type === 'session_changed') void this.#sessionChanged().catch(this.#environment.report);
    if (message.type === 'connection_wanted') this.#wantsConnection = true;
    if (this.#isWriter) this.#writer.receive(message);
  }

  // Account

  async register(body: RouteInput<typeof ROUTES.register>['body']): Promise<void> {
    await this.#enter(await this.api.call(ROUTES.register, { body }));
  }

  async login(body: RouteInput<typeof ROUTES.login>['body']): Promise<void> {
    await this.#enter(await this.api.call(ROUTES.login, { body }));
  }

  async #enter(tokens: SessionTokens): Promise<void> {
    await this.#session.begin(tokens);
    await this.#sessionChanged();
    this.#tabs?.post({ type: 'session_changed' });
  }

  /** Logs this device out and forgets its state. The server is told if it can be reached; if not, the device stays in the account's list. */
  async logout(): Promise<void> {
    try {
      await this.api.call(ROUTES.logout, {});
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof SignedOutError)) throw error;
    }
    await this.#session.end();
    await this.#sessionChanged();
    this.#tabs?.post({ type: 'session_changed' });
  }

  /** Forgets what is stored of another user on this device; writes that wait stay, each with its user. */
  async #sessionChanged(): Promise<void> {
    const session = await this.#session.load();
    this.#writer.connection.disconnect();
    this.#writer.mailbox.clear();
    if (session === undefined || this.store.getSnapshot().me?.user_id !== session.userId) {
      this.#outbox.unload();
      this.store.dispatch({ type: 'signed_out' });
      if (this.#isWriter) await this.#writer.saver.clear();
    }
    if (session === undefined) return;
    await this.#outbox.load(session);
    if (this.#wantsConnection) this.connect();
  }

  // Connection

  connect(): void {
    this.#wantsConnection = true;
    if (this.#isWriter) this.#writer.connection.connect();
    else this.#tabs?.post({ type: 'connection_wanted' });
  }

  disconnect(): void {
    this.#wantsConnection = false;
    if (this.#isWriter) this.#writer.connection.disconnect();
  }

  /** A hint of the device; wrong hints do no harm. */
  networkChanged(isOnline: boolean): void {
    if (this.#isWriter) this.#writer.connection.networkChanged(isOnline);
    else this.#tabs?.post({ type: 'network_changed', isOnline });
  }

  /** Disconnects and resolves when everything is saved. The client is not used after it. */
  async close(): Promise<void> {
    this.disconnect();
    this.#tabs?.post({ type: 'interest', tab: this.#tab, userIds: [], channelIds: [] });
    if (this.#isWriter) await this.#writer.saver.flush();
    this.#tabs?.close();
  }

  // Writing: each resolves with its row when the write survives a crash of this device; the store tells what becomes of it.

  /** Throws RangeError when the content is not one that a server accepts. */
  send(conversationId: ConversationId, content: ContentInput): Promise<OutboxRow> {
    this.#typing.stopped();
    return this.#write(conversationId, { kind: 'send', content: checkedContent(content) });
  }

  forward(
    conversationId: ConversationId,
    source: { readonly conversationId: ConversationId; readonly seq: number },
  ): Promise<OutboxRow> {
    return this.#write(conversationId, { kind: 'forward', source });
  }

  edit(conversationId: ConversationId, targetSeq: number, content: ContentInput): Promise<OutboxRow> {
    return this.#write(conversationId, { kind: 'edit', targetSeq, content: checkedContent(content) });
  }

  delete(conversationId: ConversationId, targetSeq: number, scope: 'everyone' | 'me'): Promise<OutboxRow> {
    return this.#write(conversationId, { kind: 'delete', targetSeq, scope });
  }

  /** Undefined: it is so already, or asked for. A repeated reaction changes nothing (REACT-1), but it is an entry that others count. */
  async react(
    conversationId: ConversationId,
    targetSeq: number,
    emoji: string,
    action: 'added' | 'removed',
  ): Promise<OutboxRow | undefined> {
    if (reactionAfterOutbox(this.store.getSnapshot(), conversationId, targetSeq, emoji) === action) return undefined;
    return this.#write(conversationId, { kind: 'react', targetSeq, emoji, action });
  }

  /** Sends a failed write again. */
  async retry(clientMsgId: string): Promise<void> {
    const row = await this.#outbox.retry(clientMsgId);
    if (row !== undefined) this.#tabs?.post({ type: 'row_stored', row });
  }

  /** Gives a failed write up. */
  async discard(clientMsgId: string): Promise<void> {
    if (await this.#outbox.discard(clientMsgId)) this.#tabs?.post({ type: 'row_discarded', clientMsgId });
  }

  async #write(conversationId: ConversationId, write: OutboxWrite): Promise<OutboxRow> {
    const row = await this.#outbox.add(conversationId, write);
    this.#tabs?.post({ type: 'row_stored', row });
    return row;
  }

  // Looking

  /** Everything up to a message (by default all) is read, on all devices; also told later when there is no connection now. */
  markRead(conversationId: ConversationId, upTo?: number): void {
    const conversation = this.store.getSnapshot().conversations[conversationId];
    if (conversation === undefined) return;
    const mark = readMarkOf(conversation, upTo);
    const event = { type: 'read_marked', conversationId, mark } as const;
    this.store.dispatch(event);
    if (!this.#isWriter) this.#tabs?.post({ type: 'marked', event });
  }

  /** On each key stroke; told at most every 3 s. */
  typing(conversationId: ConversationId): void {
    this.#typing.typed(conversationId);
  }

  /** The view is put away, perhaps for ever: nothing needs to be live for it until somebody looks at it again. */
  putAway(): void {
    this.#interestChanged({ userIds: [], channelIds: [] });
  }

  /** Somebody looks at this view again, after they looked elsewhere. */
  lookedAt(): void {
    this.#interestChanged(this.#view.interest);
    if (this.#isWriter) this.#writer.lookedAt();
    else this.#tabs?.post({ type: 'looked_at' });
  }

  /** Replaces the people whose presence this view shows. At most 100 of all tabs together are live. */
  watchPresence(userIds: readonly UserId[]): void {
    this.#view.watch(userIds);
  }

  /** The conversation is on the screen: its newest page is loaded, kept up to date, and a channel is live. */
  openConversation(conversationId: ConversationId): Promise<void> {
    return this.#view.open(conversationId);
  }

  closeConversation(conversationId: ConversationId): void {
    this.#view.close(conversationId);
  }

  /** What lies before a place of a timeline, or before all that is held. Throws ApiError when it cannot be had now. */
  loadOlder(conversationId: ConversationId, beforeSeq?: number): Promise<void> {
    return this.#history.loadOlder(conversationId, beforeSeq);
  }

  loadNewer(conversationId: ConversationId, afterSeq?: number): Promise<void> {
    return this.#history.loadNewer(conversationId, afterSeq);
  }

  loadAround(conversationId: ConversationId, seq: number): Promise<void> {
    return this.#history.loadAround(conversationId, seq);
  }

  #interestChanged(interest: Interest): void {
    this.#interests.set(this.#tab, interest);
    if (this.#isWriter) this.#writer.liveInterests.changed();
    else this.#tabs?.post({ type: 'interest', tab: this.#tab, ...interest });
  }

  // Conversations: answered by the server, so these need a connection to it. They throw ApiError.

  createDirect(userId: UserId): Promise<Conversation> {
    return this.#create({ kind: 'direct', user_id: userId });
  }

  createGroup(name: string, memberIds: readonly UserId[]): Promise<Conversation> {
    return this.#create({ kind: 'group', name, member_ids: [...memberIds] });
  }

  createChannel(name: string, visibility: 'private' | 'public'): Promise<Conversation> {
    return this.#create({ kind: 'channel', name, visibility, member_ids: [] });
  }

  joinChannel(conversationId: ConversationId): Promise<Conversation> {
    const params = { conversation_id: conversationId };
    return foundConversation(this.store, () => this.api.call(ROUTES.joinChannel, { params }));
  }

  #create(body: RouteInput<typeof ROUTES.createConversation>['body']): Promise<Conversation> {
    return foundConversation(this.store, () => createConversation(this.api, this.#environment.uuid(), body));
  }

  /** The first page of members, who are then known by name. */
  async loadMembers(conversationId: ConversationId): Promise<void> {
    const page = await this.api.call(ROUTES.listMembers, {
      params: { conversation_id: conversationId },
      query: { limit: 100 },
    });
    this.store.dispatch({ type: 'users_found', users: page.items.map(({ user }) => user) });
  }

  // Mailbox

  /** Items of this device's mailbox go to one handler, in order; an item is acknowledged when the handler has resolved. */
  onMailbox(handler: MailboxHandler): void {
    this.#writer.mailbox.handleWith(handler);
  }

  async deviceId(): Promise<DeviceId | undefined> {
    return (await this.#session.load())?.deviceId;
  }
}
