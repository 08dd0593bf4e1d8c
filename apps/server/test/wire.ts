import { randomUUID } from 'node:crypto';
import {
  API_PREFIX,
  type ConversationId,
  jsonCodec,
  type LogEntry,
  type ServerFrame,
  type SessionTokens,
  type Snapshot,
  SUBPROTOCOLS,
  WEBSOCKET_PATH,
} from '@parley/protocol';

const DEADLINE_MS = 30_000;

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** One JSON call; throws the server's own words when it refuses. */
export async function call<T>(url: string, method: string, path: string, token?: string, body?: object): Promise<T> {
  const response = await fetch(`${url}${API_PREFIX}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  // The cast holds as far as the server keeps its schemas, which its own tests check.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** A new account with one device. */
export async function register(url: string, name: string): Promise<SessionTokens> {
  const username = `${name.toLowerCase()}_${randomUUID().slice(0, 8)}`;
  const body = { name, username, password: 'a long enough password', device_name: 'test' };
  return await call<SessionTokens>(url, 'POST', '/auth/register', undefined, body);
}

/** Two new people and their conversation. */
export async function registerPair(url: string) {
  const [anna, ben] = [await register(url, 'Anna'), await register(url, 'Ben')];
  const body = { kind: 'direct', user_id: ben.me.user_id };
  const { conversation_id: conversationId } = await call<{ conversation_id: ConversationId }>(
    url,
    'POST',
    '/conversations',
    anna.access_token,
    body,
  );
  return { anna, ben, conversationId };
}

/** Everything of a conversation's log that the holder of the token may see. */
export async function readLog(url: string, token: string, conversationId: ConversationId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after = 0; ; ) {
    const page = await call<{ entries: LogEntry[]; covered_up_to: number; head_seq: number }>(
      url,
      'GET',
      `/conversations/${conversationId}/entries?after_seq=${after}&limit=100`,
      token,
    );
    entries.push(...page.entries);
    if (page.covered_up_to >= page.head_seq) return entries;
    after = page.covered_up_to;
  }
}

/** A bare connection: sends what a test says, keeps all that comes, never reconnects. */
export class Wire {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  /** The close code. */
  readonly closed: Promise<number>;
  #isClosed = false;
  readonly #looking = new Set<() => void>();
  #lastId = 0;

  constructor(url: string) {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}${WEBSOCKET_PATH}`, SUBPROTOCOLS.json);
    this.socket.addEventListener('message', ({ data }) => {
      const decoded = jsonCodec.decodeServerFrame(String(data));
      if (decoded.kind === 'ok') this.frames.push(decoded.value);
      for (const look of this.#looking) look();
    });
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener('close', ({ code }) => {
        this.#isClosed = true;
        for (const look of this.#looking) look();
        resolve(code);
      });
    });
  }

  /** Connected, logged in, and live from the present on. */
  static async live(url: string, { access_token: token }: SessionTokens): Promise<Wire> {
    const { epoch, user_seq, conversations } = await call<Snapshot>(url, 'GET', '/snapshot', token);
    const wire = new Wire(url);
    await wire.next('hello');
    wire.send({ type: 'authenticate', token });
    await wire.next('authenticated');
    const positions = conversations.map(({ conversation_id, head_seq }) => ({ conversation_id, seq: head_seq }));
    wire.send({ type: 'sync', epoch, user_seq, positions });
    await wire.next('resumed');
    return wire;
  }

  /** Returns the number of the command, which its reply carries as `re`. */
  send(command: Readonly<Record<string, unknown>>): number {
    this.#lastId += 1;
    this.socket.send(JSON.stringify({ id: this.#lastId, ...command }));
    return this.#lastId;
  }

  /** Sends a message and returns its key. */
  say(conversationId: ConversationId, text: string, clientMsgId: string = randomUUID()): string {
    this.send({
      type: 'send_message',
      client_msg_id: clientMsgId,
      conversation_id: conversationId,
      content: { text },
    });
    return clientMsgId;
  }

  of<T extends ServerFrame['type']>(type: T): FrameOf<T>[] {
    // The cast holds: `type` tells the frames apart.
    return this.frames.filter((frame) => frame.type === type) as FrameOf<T>[];
  }

  /** The first frame of this type that is as wanted, arrived or to come. Rejects when the connection ends before it. */
  next<T extends ServerFrame['type']>(type: T, wanted: (frame: FrameOf<T>) => boolean = () => true) {
    return new Promise<FrameOf<T>>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#looking.delete(look);
      };
      const fail = (why: string): void => {
        leave();
        reject(new Error(`No ${type} came: ${why}. The last frame was ${JSON.stringify(this.frames.at(-1))}.`));
      };
      const timer = setTimeout(() => fail(`${DEADLINE_MS} ms were over`), DEADLINE_MS);
      const look = (): void => {
        const found = this.of(type).find(wanted);
        if (found !== undefined) {
          leave();
          resolve(found);
        } else if (this.#isClosed) fail('the connection ended');
      };
      this.#looking.add(look);
      look();
    });
  }

  /** Number of the command that was sent last. */
  get lastId(): number {
    return this.#lastId;
  }

  close(): void {
    this.socket.close();
  }
}
