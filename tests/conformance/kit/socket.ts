import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { WRITTEN_CLOSES, WRITTEN_ERRORS } from './protocol-page.ts';

/** Anything that a server sends, as far as the tests look into it. */
export interface Frame {
  readonly type: string;
  readonly re?: number;
  readonly code?: string;
  readonly detail?: string;
  readonly seq?: number;
  readonly user_seq?: number;
  readonly conversation_id?: string;
  readonly connection_id?: string;
  readonly device_id?: string;
  readonly retry_after_ms?: number;
  readonly reconnect_after_ms?: number;
  readonly covered_up_to?: number;
  readonly head_seq?: number;
  readonly entries?: readonly Frame[];
  readonly [field: string]: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

const DEADLINE_MS = 15_000;
export const SOCKET_PATH = '/api/v1/ws';
export const JSON_FRAMES = 'parley.v1.json';

/** A bare JSON connection: everything that came, in order, and waiting for what is to come. */
export class Socket {
  readonly webSocket: WebSocket;
  /** Every frame since the beginning. */
  readonly frames: Frame[] = [];
  readonly closed: Promise<Closed>;
  readonly #wakes = new Set<() => void>();
  #looked = 0;
  #id = 0;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('A JSON connection got a binary frame.');
      // The cast holds as far as the server keeps FRAME-1; the tests look at every field that they use.
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
    });
    webSocket.on('error', () => undefined);
  }

  /** Connects; `refused` are answers in HTTP. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Socket> {
    const webSocket = new WebSocket(url.replace(/^http/, 'ws') + SOCKET_PATH, [JSON_FRAMES], {
      headers,
      // What browsers offer: a server that took it would break FRAME-6.
      perMessageDeflate: true,
    });
    const socket = new Socket(webSocket);
    return new Promise((resolve, reject) => {
      webSocket.once('open', () => resolve(socket));
      webSocket.once('unexpected-response', (_, response) => {
        webSocket.terminate();
        reject(new Error(`The connection was refused with ${response.statusCode}.`));
      });
      webSocket.once('error', reject);
    });
  }

  send(frame: object | string | Buffer): void {
    this.webSocket.send(typeof frame === 'object' && !Buffer.isBuffer(frame) ? JSON.stringify(frame) : frame);
  }

  /** Sends a command under a fresh id and gives its reply. */
  async ask(command: object): Promise<Frame> {
    const id = this.tell(command);
    return this.reply(id);
  }

  /** Sends a command under a fresh id without waiting; gives the id. */
  tell(command: object): number {
    this.#id += 1;
    this.send({ ...command, id: this.#id });
    return this.#id;
  }

  async reply(id: number): Promise<Frame> {
    const frame = await this.#wait(() => this.frames.find(({ re }) => re === id));
    if (frame.type === 'error') expect([...WRITTEN_ERRORS.keys()]).toContain(frame.code);
    return frame;
  }

  /** The next frame of this type that was not given out by `next` before; what lies between is passed over. */
  next(type: string, matches: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.#wait(() => {
      for (let at = this.#looked; at < this.frames.length; at += 1) {
        const frame = this.frames[at];
        if (frame?.type !== type || !matches(frame)) continue;
        this.#looked = at + 1;
        return frame;
      }
      return undefined;
    });
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Name of the close, which must be in the table with its reason (CONN-9). */
  async closeName(): Promise<string> {
    const { code, reason } = await this.closed;
    const [name, advice, written] = WRITTEN_CLOSES.get(String(code)) ?? [];
    expect(['resume', 'authenticate', 'stop']).toContain(advice);
    expect(reason).toBe(written);
    return name ?? '';
  }

  close(): void {
    this.webSocket.terminate();
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  #wait(find: () => Frame | undefined): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(deadline);
        this.#wakes.delete(look);
      };
      const fail = (what: string): void => {
        finish();
        reject(new Error(`${what}; the last frames were ${JSON.stringify(this.frames.slice(-5)).slice(0, 1_500)}`));
      };
      const deadline = setTimeout(() => fail('The awaited frame did not come'), DEADLINE_MS);
      const look = (): void => {
        const frame = find();
        if (frame !== undefined) {
          finish();
          resolve(frame);
        } else if (this.webSocket.readyState === WebSocket.CLOSED) fail('The connection was closed');
      };
      this.#wakes.add(look);
      look();
    });
  }
}
