import type { AppendOutcome, Stores } from '@parley/core';
import { openMemoryStores } from '@parley/memory';
import {
  binaryCodec,
  CLOSE,
  type Codec,
  type Command,
  type ConversationId,
  ERRORS,
  type ErrorCode,
  jsonCodec,
  type LogEntry,
  makeMessageId,
  type ServerFrame,
  SUBPROTOCOLS,
} from '@parley/protocol';
import { Builders, type FakeClock, type Person, SeededRandom } from '@parley/testkit';
import type { ClientEnvironment, Socket, SocketListener } from '../src/environment.ts';
import { answerHttp } from './loopback-http.ts';
import { LoopbackPolls } from './loopback-polls.ts';
import { conversationOf, entrySeenBy, userEventOf } from './wire-shapes.ts';

/** What goes wrong on the way; everything goes well by default. */
export interface Faults {
  /** An event that never reaches a connection. */
  losesEvent(): boolean;
  /** The line is cut after a command was done and before its answer leaves. */
  cutsBeforeAnswer(): boolean;
  /** The line is cut before a command arrives. */
  cutsBeforeCommand(): boolean;
  /** A write that is refused for the moment. */
  refuses(): ErrorCode | undefined;
  /** A connection that is refused for so many ms. */
  refusesConnection(): number | undefined;
}

const noFaults: Faults = {
  losesEvent: () => false,
  cutsBeforeAnswer: () => false,
  cutsBeforeCommand: () => false,
  refuses: () => undefined,
  refusesConnection: () => undefined,
};

/**
 * A server for tests of the client alone: the memory stores behind the frames and the few routes that a client needs by itself. No rules of chat
 * beyond what the stores keep, no rate limits, no broker.
 */
export class LoopbackServer {
  readonly stores: Stores = openMemoryStores({ epoch: 'first' });
  readonly builders = new Builders(this.stores);
  readonly clock: FakeClock;
  readonly peers = new Set<Peer>();
  faults: Faults = noFaults;
  /** New connections fail. */
  isDown = false;
  blocksWebSockets = false;
  /** Who any right password belongs to. */
  loginAs: Person | undefined;
  replayMax = 500;
  /** Forgets positions: what a restore from a backup does. */
  epoch = 'first';
  /** Commands in the order in which they were taken, of all connections. */
  readonly taken: Command[] = [];
  readonly faultsReported: unknown[] = [];
  readonly polls = new LoopbackPolls((listener) => {
    const peer = new Peer(this, jsonCodec, listener);
    peer.greet();
    return peer;
  });
  #tokens = new Map<string, Person>();
  #tokenCount = 0;

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.stores.userLog.onAppended((entries) => {
      for (const entry of entries)
        for (const peer of this.peers) if (peer.person?.userId === entry.userId) void peer.tellUserEntry(entry);
    });
  }

  tokenOf(person: Person): string {
    this.#tokenCount += 1;
    const token = `token-${this.#tokenCount}`;
    this.#tokens.set(token, person);
    return token;
  }
  personOf(token: string): Person | undefined {
    return this.#tokens.get(token);
  }
  expireTokens(): void {
    this.#tokens.clear();
  }

  environment(seed: number): ClientEnvironment {
    const random = new SeededRandom(seed);
    return {
      now: () => this.clock.now(),
      after: (delayMs, callback) => this.clock.after(delayMs, callback),
      random: () => random.fraction(),
      uuid: () => random.uuid(),
      fetch: (url, init) =>
        this.isDown ? Promise.reject(new TypeError('The test network is down.')) : answerHttp(this, url, init),
      createSocket: (_, subprotocol, listener) => this.#connect(subprotocol, listener),
      report: (error) => void this.faultsReported.push(error),
    };
  }

  cutAll(code = 1006): void {
    for (const peer of [...this.peers]) peer.cut(code);
  }

  /** Tells an entry to everybody who may see it, except the connection that got it as its answer. */
  async publish(entry: LogEntry, origin?: Peer): Promise<void> {
    for (const peer of [...this.peers]) {
      if (peer === origin || peer.person === undefined) continue;
      const view = await this.stores.conversationStore.view(entry.conversation_id, peer.person.userId);
      if (view !== undefined && entry.seq >= view.membership.visibleFromSeq && !this.faults.losesEvent())
        peer.tell(entrySeenBy(view, entry));
    }
  }

  #connect(subprotocol: string, listener: SocketListener): Socket {
    const codec = subprotocol === SUBPROTOCOLS.json ? jsonCodec : binaryCodec;
    const peer = new Peer(this, codec, listener);
    queueMicrotask(() => (this.isDown || this.blocksWebSockets ? peer.cut(1006) : peer.greet()));
    return peer;
  }
}

/** The server's end of one connection. */
export class Peer implements Socket {
  person: Person | undefined;
  readonly #server: LoopbackServer;
  readonly #codec: Codec;
  readonly #listener: SocketListener;
  #isOpen = true;
  #isLive = false;
  /** Events during a replay follow it (SYNC-5). */
  #behindReplay: ServerFrame[] = [];
  #positions: { conversation_id: ConversationId; seq: number }[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(server: LoopbackServer, codec: Codec, listener: SocketListener) {
    this.#server = server;
    this.#codec = codec;
    this.#listener = listener;
    server.peers.add(this);
  }

  greet(): void {
    this.answer({
      type: 'hello',
      protocol: 1,
      server_version: 'test',
      server_time: this.#server.clock.now(),
      connection_id: 'test',
      heartbeat_interval_ms: 30_000,
      authentication_timeout_ms: 10_000,
      features: [],
      frame_bytes_max: 65_536,
    });
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    const decoded = this.#codec.decodeCommand(data);
    if (decoded.kind !== 'ok') throw new Error(`The client sent what is no command: ${JSON.stringify(decoded)}`);
    this.#last = this.#last.then(() => this.#take(decoded.value));
  }

  close(): void {
    this.#isOpen = false;
    this.#server.peers.delete(this);
  }

  cut(code: number): void {
    if (!this.#isOpen) return;
    this.close();
    queueMicrotask(() => this.#listener.onClosed(code));
  }

  /** Sends at once. */
  answer(frame: ServerFrame): void {
    if (this.#isOpen) this.#listener.onData(this.#codec.encodeServerFrame(frame));
  }

  /** Sends when the connection is live. */
  tell(frame: ServerFrame): void {
    if (this.#isLive) this.answer(frame);
    else this.#behindReplay.push(frame);
  }

  async tellUserEntry(entry: Parameters<typeof userEventOf>[1]): Promise<void> {
    const event = await userEventOf(this.#server.stores, entry);
    if (event !== undefined && !this.#server.faults.losesEvent()) this.tell(event);
  }

  async #take(command: Command): Promise<void> {
    const { faults, taken } = this.#server;
    if (!this.#isOpen) return;
    if (faults.cutsBeforeCommand()) return this.cut(1006);
    taken.push(command);
    if (command.type === 'authenticate') return this.#authenticate(command);
    const { person } = this;
    if (person === undefined) throw new Error(`The client sent ${command.type} before it was authenticated.`);
    const reply = await this.#done(command, person);
    if (reply === undefined) return;
    if (faults.cutsBeforeAnswer()) return this.cut(1006);
    this.answer(reply);
    if (reply.type === 'resumed') this.#goLive();
  }

  #authenticate({ id, token }: Extract<Command, { type: 'authenticate' }>): void {
    const person = this.#server.personOf(token ?? '');
    if (person === undefined) {
      this.answer({ type: 'error', re: id, code: 'TOKEN_EXPIRED', detail: 'The access token has expired.' });
      this.cut(CLOSE.TOKEN_REJECTED.code);
      return;
    }
    const retry_after_ms = this.#server.faults.refusesConnection();
    if (retry_after_ms !== undefined) {
      this.answer({ type: 'error', re: id, code: 'RATE_LIMITED', detail: 'Too often.', retry_after_ms });
      this.cut(CLOSE.TOO_MANY_RECONNECTS.code);
      return;
    }
    this.person = person;
    const token_expires_at = this.#server.clock.now() + 600_000;
    const { userId: user_id, deviceId: device_id } = person;
    this.answer({ type: 'authenticated', re: id, user_id, device_id, token_expires_at });
  }

  async #done(command: Command, person: Person): Promise<ServerFrame | undefined> {
    const { stores, clock } = this.#server;
    switch (command.type) {
      case 'sync':
        return this.#sync(command, person);
      case 'send_message':
      case 'edit_message':
      case 'delete_message':
      case 'react':
        return this.#write(command, person);
      case 'fetch_entries': {
        const { conversation_id, after_seq, limit, id: re } = command;
        const range = await stores.messageLog.readAfter(conversation_id, after_seq, limit);
        const { coveredUpTo: covered_up_to, headSeq: head_seq, entries } = range;
        const view = await stores.conversationStore.view(conversation_id, person.userId);
        const seen = view === undefined ? [] : entries.map((entry) => entrySeenBy(view, entry));
        return { type: 'entries', re, conversation_id, after_seq, covered_up_to, head_seq, entries: seen };
      }
      case 'delivery_receipt':
      case 'read_receipt':
        return this.#move(command, person);
      case 'ping':
        return { type: 'pong', re: command.id, server_time: clock.now() };
      case 'subscribe':
      case 'unsubscribe':
      case 'presence_watch':
        return { type: 'done', re: command.id };
      default:
        return undefined;
    }
  }

  async #sync(command: Extract<Command, { type: 'sync' }>, person: Person): Promise<ServerFrame | undefined> {
    const { stores, epoch, replayMax } = this.#server;
    this.#positions.push(...command.positions);
    if (command.more) return undefined;
    const positions = this.#positions.splice(0);
    if (command.epoch !== epoch) return { type: 'resync_required', re: command.id, reason: 'epoch_changed', epoch };
    const facts = await stores.userLog.readAfter(person.userId, command.user_seq, 1_000);
    for (const fact of facts.entries) {
      const event = await userEventOf(stores, fact);
      if (event !== undefined) this.answer(event);
    }
    for (const { conversation_id: id, seq } of positions) {
      const view = await stores.conversationStore.view(id, person.userId);
      if (view === undefined) continue;
      if (view.head.seq - seq > replayMax) {
        this.answer({ type: 'conversation_gap', conversation: conversationOf(view), after_seq: seq });
        continue;
      }
      const { entries } = await stores.messageLog.readAfter(id, seq, replayMax);
      for (const entry of entries)
        if (entry.seq >= view.membership.visibleFromSeq) this.answer(entrySeenBy(view, entry));
    }
    return { type: 'resumed', re: command.id, complete: true, user_seq: facts.coveredUpTo };
  }

  #goLive(): void {
    this.#isLive = true;
    for (const frame of this.#behindReplay.splice(0)) this.answer(frame);
  }

  async #write(
    command: Extract<Command, { type: 'send_message' | 'edit_message' | 'delete_message' | 'react' }>,
    person: Person,
  ): Promise<ServerFrame> {
    const { stores, faults } = this.#server;
    const { id: re, conversation_id, client_msg_id } = command;
    const refused = faults.refuses();
    if (refused !== undefined)
      return { type: 'error', re, code: refused, detail: ERRORS[refused].title, client_msg_id, retry_after_ms: 100 };
    if (command.type === 'delete_message' && command.scope === 'me') {
      await stores.userLog.hideMessage(person.userId, conversation_id, command.target_seq);
      return { type: 'msg_ack', re, conversation_id, client_msg_id, created_at: 0, duplicate: false };
    }
    const append = await this.#append(command, person);
    const [outcome] = await stores.messageLog.append([append]);
    if (outcome?.kind !== 'appended' && outcome?.kind !== 'duplicate') {
      const code = codeOf(outcome);
      return { type: 'error', re, code, detail: ERRORS[code].title, client_msg_id };
    }
    const { entry } = outcome;
    if (outcome.kind === 'appended') void this.#server.publish(entry, this);
    return {
      type: 'msg_ack',
      re,
      conversation_id,
      client_msg_id,
      ...(entry.type === 'new_message' ? { message_id: entry.message_id } : {}),
      seq: entry.seq,
      count: entry.count,
      created_at: entry.created_at,
      duplicate: outcome.kind === 'duplicate',
    };
  }

  async #append(
    command: Extract<Command, { type: 'send_message' | 'edit_message' | 'delete_message' | 'react' }>,
    person: Person,
  ): Promise<Parameters<Stores['messageLog']['append']>[0][number]> {
    const { id: _, conversation_id: conversationId, ...asked } = command;
    const { stores, builders, clock } = this.#server;
    const { client_msg_id } = command;
    const header = {
      conversationId,
      author: { ...person, roles: ['owner', 'admin', 'member'] as const },
      createdAt: clock.now(),
      clientMsgId: client_msg_id,
      fingerprint: JSON.stringify(asked),
    };
    switch (command.type) {
      case 'send_message': {
        const from = command.forward;
        const source = from && (await stores.messageLog.message(from.conversation_id, from.seq, person.userId));
        const origin = source && { ...from, sender_id: source.sender_id };
        const content = command.content ?? { ...source?.content, ...(origin && { forwarded_from: origin }) };
        const message_id = makeMessageId(builders.nextIdNumber());
        return { ...header, body: { type: 'new_message', message_id, client_msg_id, content } };
      }
      case 'edit_message': {
        const { target_seq, content } = command;
        return { ...header, body: { type: 'message_edited', target_seq, client_msg_id, content } };
      }
      case 'delete_message':
        return { ...header, body: { type: 'message_deleted', target_seq: command.target_seq, client_msg_id } };
      case 'react': {
        const { target_seq, emoji, action } = command;
        return { ...header, body: { type: 'reaction', target_seq, client_msg_id, emoji, action } };
      }
    }
  }

  async #move(
    { type, conversation_id, up_to }: Extract<Command, { type: 'delivery_receipt' | 'read_receipt' }>,
    { userId }: Person,
  ): Promise<undefined> {
    const upTo = { deliveredUpTo: up_to, readUpTo: type === 'read_receipt' ? up_to : 0 };
    const { stores, peers, faults } = this.#server;
    const request = { conversationId: conversation_id, userId, ...upTo, sharesReading: true };
    const [move] = await stores.membershipStore.moveCursors([request]);
    if (!move?.isNews) return;
    const news: ServerFrame = {
      type: 'receipts',
      conversation_id,
      cursors: [{ user_id: userId, delivered_up_to: move.deliveredUpTo, read_up_to: move.sharedReadUpTo }],
      all: { delivered_up_to: move.deliveredByAllUpTo, read_up_to: move.readByAllUpTo },
    };
    for (const peer of [...peers]) {
      if (peer.person === undefined || peer.person.userId === userId || faults.losesEvent()) continue;
      if ((await stores.conversationStore.view(conversation_id, peer.person.userId)) !== undefined) peer.tell(news);
    }
  }
}

function codeOf(outcome: AppendOutcome | undefined): ErrorCode {
  switch (outcome?.kind) {
    case 'key_reused':
      return 'KEY_REUSED';
    case 'target_deleted':
      return 'MESSAGE_GONE';
    case 'role_too_low':
      return 'FORBIDDEN';
    default:
      return 'NOT_FOUND';
  }
}
