import { join } from 'node:path';
import { type Client, createClient, defaultEnvironment, type SocketListener } from '@parley/client';
import { FileOutboxStorage, FileStateStorage, FileTokenStorage } from '@parley/client/node';
import {
  binaryCodec,
  type ConversationId,
  conversationKindOf,
  jsonCodec,
  ROUTES,
  SUBPROTOCOLS,
} from '@parley/protocol';
import type { UntimedLine } from '../checker/history.ts';
import { glimpseOf, viewsOf } from '../checker/record-device.ts';
import { recordCommand, recordFrame } from '../checker/record-frame.ts';
import { recordStoreEvent } from '../checker/record-store-event.ts';
import { isExpected } from '../workload.ts';
import type { WorkloadDevice } from '../workload-parts.ts';
import type { DevicePlan } from './device-messages.ts';

type Write = (line: UntimedLine) => void;

/** The real SDK on files, behind a proxy; what it is sent and shows is written down. */
export class RealDevice implements WorkloadDevice {
  readonly name: string;
  readonly user: DevicePlan['user'];
  readonly client: Client;
  /** The app ends only with its process. */
  readonly clock = { isDead: false };
  readonly #life: number;
  readonly #write: Write;
  /** Addresses of HTTP calls under way. */
  readonly #calls: ReadonlySet<string>;
  /** Opened by `#openChannels`. */
  readonly #channels = new Set<ConversationId>();
  #held: readonly UntimedLine[] = [];

  private constructor(plan: DevicePlan, client: Client, life: number, write: Write, calls: ReadonlySet<string>) {
    this.name = plan.name;
    this.user = plan.user;
    this.client = client;
    this.#life = life;
    this.#write = write;
    this.#calls = calls;
  }

  static async open(plan: DevicePlan, life: number, write: Write): Promise<RealDevice> {
    const calls = new Set<string>();
    const client = await createClient({
      url: plan.url,
      codec: plan.codec,
      tokens: await FileTokenStorage.open(join(plan.folder, 'tokens')),
      storage: await FileStateStorage.open(join(plan.folder, 'state')),
      outbox: await FileOutboxStorage.open(join(plan.folder, 'outbox')),
      environment: {
        ...defaultEnvironment,
        async fetch(url, init) {
          const call = `${init.method} ${url}`;
          calls.add(call);
          return await defaultEnvironment.fetch(url, init).finally(() => calls.delete(call));
        },
        createSocket: (url, subprotocol, listener) => recordedSocket(plan.name, write, url, subprotocol, listener),
        report: (error) => write({ type: 'escaped', what: `${plan.name} reported: ${textOf(error)}` }),
      },
    });
    const device = new RealDevice(plan, client, life, write, calls);
    client.store.subscribe((event) => {
      for (const line of recordStoreEvent(device.#who, event, client.store.getSnapshot())) write(line);
    });
    client.connect();
    return device;
  }

  get #who() {
    return { device: this.name, life: this.#life, user: this.user };
  }

  get isSignedOut(): boolean {
    return this.client.store.getSnapshot().status.kind === 'stopped';
  }

  glimpse(conversation: ConversationId): void {
    for (const line of glimpseOf(this.#who, this.client.store.getSnapshot(), conversation)) this.#write(line);
  }

  /** Keeps what is held at rest, before more is loaded. */
  keepHeld(): void {
    const state = this.client.store.getSnapshot();
    // The cast holds: the keys of the state's table are conversation ids.
    const ids = (this.isSignedOut ? [] : Object.keys(state.conversations).sort()) as ConversationId[];
    this.#held = ids.flatMap((id) => glimpseOf(this.#who, state, id, 'at_rest'));
  }

  view(): void {
    if (this.isSignedOut) return;
    for (const line of this.#held) this.#write(line);
    for (const line of viewsOf(this.#who, this.client.store.getSnapshot(), Date.now())) this.#write(line);
  }

  /** For somebody who has waited too long for it. */
  describe(): string {
    const { status, outbox, conversations } = this.client.store.getSnapshot();
    const count = Object.keys(conversations).length;
    const doing = `${this.#calls.size} HTTP calls${this.#calls.size === 0 ? '' : ` (${[...this.#calls].join()})`}`;
    return `${this.name} is ${JSON.stringify(status)} with ${outbox.length} writes, ${count} conversations, ${doing}`;
  }

  /** Only a channel that is looked at is kept up to date (SYNC-11). */
  #openChannels(): void {
    // The cast holds: the keys of the state's table are conversation ids.
    for (const id of Object.keys(this.client.store.getSnapshot().conversations) as ConversationId[]) {
      if (conversationKindOf(id) !== 'channel' || this.#channels.has(id)) continue;
      this.#channels.add(id);
      this.client.openConversation(id).catch((error: unknown) => {
        // What cannot be loaded now is loaded with all history.
        if (!isExpected(error)) this.#write({ type: 'escaped', what: `${this.name}: ${textOf(error)}` });
      });
    }
  }

  /** The next rest looks anew. */
  closedChannels(): void {
    this.#channels.clear();
  }

  /** What has not come to rest, by what the server says of this user. */
  async unfinished(): Promise<string[]> {
    if (this.isSignedOut) return [];
    const before = this.client.store.getSnapshot();
    if (before.status.kind !== 'live') return [`${this.name} is ${JSON.stringify(before.status)}`];
    const snapshot = await this.client.api.call(ROUTES.getSnapshot, { query: { limit: 100 } }).catch(() => undefined);
    if (snapshot === undefined) return [`${this.name} gets no answer`];
    this.#openChannels();
    const state = this.client.store.getSnapshot();
    const late: string[] = [];
    if (state.outbox.some((row) => row.state.kind !== 'failed')) late.push(`${this.name} has writes waiting`);
    if (state.userSeq !== snapshot.user_seq) late.push(`${this.name} lacks user events`);
    for (const { resource, readMark } of Object.values(state.conversations))
      if ((readMark?.upTo ?? 0) > resource.my.read_up_to)
        late.push(`${this.name} has read marks that are not confirmed`);
    for (const { conversation_id: id, head_seq: head } of snapshot.conversations)
      if (state.conversations[id]?.resource.head_seq !== head) late.push(`${this.name} lacks entries of ${id}`);
    return late;
  }
}

function recordedSocket(device: string, write: Write, url: string, subprotocol: string, listener: SocketListener) {
  const codec = subprotocol === SUBPROTOCOLS.json ? jsonCodec : binaryCodec;
  const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? Buffer.from(data) : data);
  let connection: string | undefined;
  const closed = (): void => {
    if (connection !== undefined) write({ type: 'closed', connection, device });
    connection = undefined;
  };
  const socket = defaultEnvironment.createSocket(url, subprotocol, {
    onData(data) {
      const decoded = codec.decodeServerFrame(bytesOf(data));
      if (decoded.kind === 'ok' && decoded.value.type === 'hello') connection = decoded.value.connection_id;
      if (decoded.kind === 'ok' && connection !== undefined) recordFrame(write, device, connection, decoded.value);
      listener.onData(data);
    },
    onClosed(code) {
      closed();
      listener.onClosed(code);
    },
  });
  return {
    send(data: string | Uint8Array<ArrayBuffer>): void {
      if (connection !== undefined) recordCommand(write, device, connection, codec.decodeCommand(bytesOf(data)));
      socket.send(data);
    },
    close(code: number): void {
      closed();
      socket.close(code);
    },
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
