import {
  binaryCodec,
  type Codec,
  type Command,
  type CommandOf,
  type CommandType,
  type ConversationId,
  jsonCodec,
  type ServerFrame,
  SUBPROTOCOLS,
} from '@parley/protocol';
import type { Person } from '@parley/testkit';
import { type ClientOptions, WebSocket } from 'ws';
import type { TestNode } from './test-node.ts';

export const CODECS: readonly Codec[] = [jsonCodec, binaryCodec];

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
/** A command as a test writes it: the number is given by the client. */
export type Asked<T extends CommandType> = Omit<CommandOf<T>, 'id'>;
type AskedCommand = { [T in CommandType]: Asked<T> }[CommandType];

interface Waiter {
  readonly wanted: (frame: ServerFrame) => boolean;
  readonly resolve: (frame: ServerFrame) => void;
  readonly reject: (error: Error) => void;
}

/** The other end of a connection: remembers all that it got, and waits for frames rather than for time. */
export class TestClient {
  readonly socket: WebSocket;
  readonly codec: Codec;
  /** Everything that came, in order. */
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #unread: ServerFrame[] = [];
  #waiters: Waiter[] = [];
  #nextId = 1;

  constructor(node: TestNode, codec: Codec = jsonCodec, options: ClientOptions = {}) {
    this.codec = codec;
    this.socket = new WebSocket(node.url, SUBPROTOCOLS[codec.name], { perMessageDeflate: false, ...options });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        for (const { reject } of this.#waiters) reject(new Error(`Closed with ${code} ${reason} while waiting.`));
      });
    });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data, isBinary) => {
      // The cast holds: the client's binaryType is the default, a node buffer.
      const decoded = codec.decodeServerFrame(isBinary ? (data as Buffer) : data.toString());
      if (decoded.kind !== 'ok') throw new Error(`The server sent what is no frame: ${JSON.stringify(decoded)}`);
      this.#take(decoded.value);
    });
  }

  /** Connected and greeted. */
  static async connect(node: TestNode, codec?: Codec, options?: ClientOptions): Promise<TestClient> {
    const client = new TestClient(node, codec, options);
    await client.next('hello');
    return client;
  }

  /** Connected and logged in. */
  static async as(node: TestNode, person: Person, codec?: Codec): Promise<TestClient> {
    const client = await TestClient.connect(node, codec);
    await client.authenticate(node, person);
    return client;
  }

  /** Connected, logged in, and live from the present on. */
  static async live(node: TestNode, person: Person, codec?: Codec): Promise<TestClient> {
    const client = await TestClient.as(node, person, codec);
    await client.sync(node, person);
    return client;
  }

  async authenticate(node: TestNode, person: Person, livesMs = 600_000): Promise<ServerFrame> {
    const token = await node.core.tokenSigner.sign({ ...person, expiresAt: node.clock.now() + livesMs });
    return this.call({ type: 'authenticate', token });
  }

  /** From the present place of the user log and the given places of conversations. */
  async sync(
    node: TestNode,
    person: Person,
    positions: Readonly<Record<string, number>> = {},
    userSeq?: number,
  ): Promise<ServerFrame> {
    return this.call({
      type: 'sync',
      epoch: await node.core.messageLog.epoch(),
      user_seq: userSeq ?? (await node.core.userLog.head(person.userId)),
      // The cast holds: tests name conversations that exist.
      positions: Object.entries(positions).map(([id, seq]) => ({ conversation_id: id as ConversationId, seq })),
    });
  }

  say(conversationId: ConversationId, text: string): Promise<ServerFrame> {
    return this.call({
      type: 'send_message',
      conversation_id: conversationId,
      client_msg_id: crypto.randomUUID(),
      content: { text },
    });
  }

  /** Sends a command with the next number and waits for the frame that answers it. */
  call(asked: AskedCommand): Promise<ServerFrame> {
    const id = this.post(asked);
    return this.next((frame) => 're' in frame && frame.re === id);
  }

  /** Sends a command without waiting; its number. */
  post(asked: AskedCommand): number {
    const id = this.#nextId++;
    // The cast holds: a command without its number, and a number; commands without one ignore it (FRAME-5).
    this.send({ ...asked, id } as Command);
    return id;
  }

  send(command: Command): void {
    this.socket.send(this.codec.encodeCommand(command));
  }

  /** Everything that the server sent before now has arrived: commands are taken in order, so an answered ping marks the place. */
  async settle(): Promise<void> {
    await this.call({ type: 'ping' });
  }

  /** The first frame that was not read yet and is wanted, as soon as it is there. Others stay unread. */
  next<T extends ServerFrame['type']>(type: T): Promise<FrameOf<T>>;
  next(wanted: (frame: ServerFrame) => boolean): Promise<ServerFrame>;
  next(asked: string | ((frame: ServerFrame) => boolean)): Promise<ServerFrame> {
    const wanted = typeof asked === 'string' ? (frame: ServerFrame) => frame.type === asked : asked;
    const index = this.#unread.findIndex(wanted);
    const [found] = index < 0 ? [] : this.#unread.splice(index, 1);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => this.#waiters.push({ wanted, resolve, reject }));
  }

  of<T extends ServerFrame['type']>(type: T): FrameOf<T>[] {
    return this.frames.filter((frame): frame is FrameOf<T> => frame.type === type);
  }

  /** Goes away without a word. */
  async cut(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  #take(frame: ServerFrame): void {
    this.frames.push(frame);
    const index = this.#waiters.findIndex(({ wanted }) => wanted(frame));
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter === undefined) this.#unread.push(frame);
    else waiter.resolve(frame);
  }
}
