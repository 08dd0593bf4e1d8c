import { WebSocket } from 'ws';
import { SOCKET_PATH } from './socket.ts';

const BINARY_FRAMES = 'parley.v1.pb';
const DEADLINE_MS = 15_000;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly number: number;
}
/** Messages of a .proto file: name → its fields. */
export type Messages = ReadonlyMap<string, readonly Field[]>;

/** Reads the messages of /parley.proto: flat ones and the `oneof` of the two envelopes is all that it has. */
export async function publishedMessages(url: string): Promise<Messages> {
  const text = await (await fetch(`${url}/parley.proto`)).text();
  return new Map(
    [...text.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => [
      name,
      [...body.matchAll(/^ +(?:repeated |optional )?([\w.]+) (\w+) = (\d+)/gm)].map(
        ([, type = '', field = '', number]) => ({
          name: field,
          type,
          number: Number(number),
        }),
      ),
    ]),
  );
}

type Value = string | number | bigint | boolean | Uint8Array | { readonly [name: string]: Value };
type Fields = Readonly<Record<string, Value>>;

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function encode(messages: Messages, message: string, value: Fields): Buffer {
  const parts = (messages.get(message) ?? []).flatMap(({ name, type, number }) => {
    const given = value[name];
    if (given === undefined) return [];
    if (typeof given === 'number' || typeof given === 'bigint')
      return [...varint(BigInt(number << 3)), ...varint(BigInt(given))];
    const bytes =
      typeof given === 'string'
        ? Buffer.from(given)
        : given instanceof Uint8Array
          ? given
          : // The cast holds: scalars are handled above, and booleans are not sent by these tests.
            encode(messages, type, given as Fields);
    return [...varint(BigInt((number << 3) | 2)), ...varint(BigInt(bytes.length)), ...bytes];
  });
  return Buffer.from(parts);
}

/** Scalars as numbers or texts, ids as bigint, bytes as Buffer; of a repeated field the last. */
function decode(messages: Messages, message: string, data: Buffer): Record<string, unknown> {
  const fields = messages.get(message) ?? [];
  const found: Record<string, unknown> = {};
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const tag = Number(next());
    const field = fields.find(({ number }) => number === tag >> 3);
    if ((tag & 7) === 0) found[field?.name ?? tag] = Number(next());
    else if ((tag & 7) === 1) {
      found[field?.name ?? tag] = data.readBigUInt64LE(at);
      at += 8;
    } else {
      const length = Number(next());
      const bytes = data.subarray(at, at + length);
      at += length;
      const inner = field !== undefined && messages.has(field.type) ? decode(messages, field.type, bytes) : bytes;
      found[field?.name ?? tag] = field?.type === 'string' ? bytes.toString() : inner;
    }
  }
  return found;
}

/** A connection that speaks protobuf from nothing but the published .proto text. */
export class BinarySocket {
  readonly #webSocket: WebSocket;
  readonly #messages: Messages;
  readonly #frames: Record<string, unknown>[] = [];
  #onFrame: () => void = () => undefined;

  private constructor(webSocket: WebSocket, messages: Messages) {
    this.#webSocket = webSocket;
    this.#messages = messages;
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) throw new Error('A binary connection got a text frame.');
      this.#frames.push(decode(messages, 'ServerFrame', data));
      this.#onFrame();
    });
  }

  static open(url: string, messages: Messages): Promise<BinarySocket> {
    const webSocket = new WebSocket(url.replace(/^http/, 'ws') + SOCKET_PATH, [BINARY_FRAMES]);
    const socket = new BinarySocket(webSocket, messages);
    return new Promise((resolve, reject) => {
      webSocket.once('open', () => resolve(socket));
      webSocket.once('error', reject);
    });
  }

  send(type: string, fields: Fields): void {
    this.#webSocket.send(encode(this.#messages, 'Command', { [type]: fields }));
  }

  /** The first frame of this type. */
  next(type: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`No ${type} came.`)), DEADLINE_MS);
      this.#onFrame = () => {
        const frame = this.#frames.find((one) => Object.hasOwn(one, type));
        if (frame === undefined) return;
        clearTimeout(deadline);
        // The cast holds: frames are messages, which decode to objects.
        resolve(frame[type] as Record<string, unknown>);
      };
      this.#onFrame();
    });
  }

  /** The number behind the digits of an id. */
  numberOf(id: string): bigint {
    return [...id.slice(4)].reduce((value, digit) => value * 32n + BigInt(DIGITS.indexOf(digit)), 0n);
  }

  bytesOfKey(key: string): Buffer {
    return Buffer.from(key.replaceAll('-', ''), 'hex');
  }

  /** The id of a group as its eight bytes. */
  bytesOfRoom(groupId: string): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(this.numberOf(groupId));
    return bytes;
  }
}
