import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { binaryCodec, type Codec, jsonCodec, SUBPROTOCOLS, WEBSOCKET_PATH } from '@parley/protocol';

/** A request that becomes a WebSocket. */
export interface Upgrade {
  readonly kind: 'upgrade';
  readonly codec: Codec;
  /** What ends the handshake, in HTTP. */
  readonly answer: string;
}

/** Why a request does not become one. */
export interface UpgradeRefusal {
  readonly kind: 'refused';
  readonly status: keyof typeof STATUS_TEXT;
  readonly detail: string;
}

/** The server's order of preference. */
const CODECS: ReadonlyMap<string, Codec> = new Map([
  [SUBPROTOCOLS.binary, binaryCodec],
  [SUBPROTOCOLS.json, jsonCodec],
]);

const STATUS_TEXT = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  426: 'Upgrade Required',
  503: 'Service Unavailable',
} as const;

/** RFC 6455 §4. */
const VERSION = '13';
/** 16 bytes in base64. */
const KEY = /^[+/\w]{22}==$/;
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** CONN-10: a browser names the page that connects; a page of another site must not use the visitor's network position. */
function originAllowed(request: IncomingMessage, allowedOrigins: ReadonlySet<string>): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.has(origin)) return true;
  const parsed = URL.parse(origin);
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.host === host;
}

/** Checks what a request says about itself. */
export function readUpgrade(request: IncomingMessage, allowedOrigins: ReadonlySet<string>): Upgrade | UpgradeRefusal {
  const { method, headers, url } = request;
  if (url?.split('?', 1)[0] !== WEBSOCKET_PATH) return refusal(404, `WebSockets are served at ${WEBSOCKET_PATH}.`);
  if (!originAllowed(request, allowedOrigins))
    return refusal(403, 'Pages of this origin may not connect to this server.');
  const codec = codecOffered(headers['sec-websocket-protocol'] ?? '');
  if (codec === undefined) return refusal(400, `Offer the subprotocol ${[...CODECS.keys()].join(' or ')}.`);
  if (method !== 'GET') return refusal(405, 'A WebSocket begins with GET.');
  if (headers.upgrade?.toLowerCase() !== 'websocket')
    return refusal(400, 'A WebSocket begins with Upgrade: websocket.');
  if (headers['sec-websocket-version'] !== VERSION)
    return refusal(426, `This server speaks version ${VERSION} of the WebSocket protocol.`);
  const key = headers['sec-websocket-key'];
  if (key === undefined || !KEY.test(key)) return refusal(400, 'Sec-WebSocket-Key must be 16 bytes in base64.');
  return { kind: 'upgrade', codec, answer: answerTo(key, codec) };
}

const refusal = (status: UpgradeRefusal['status'], detail: string): UpgradeRefusal => ({
  kind: 'refused',
  status,
  detail,
});

/** The codec of the best subprotocol in a list that a client offers. */
function codecOffered(list: string): Codec | undefined {
  const names = new Set(list.split(',').map((name) => name.trim()));
  for (const [name, codec] of CODECS) if (names.has(name)) return codec;
  return undefined;
}

/** RFC 6455 §4.2.2. */
function answerTo(key: string, codec: Codec): string {
  const accept = hash('sha1', key + ACCEPT_SUFFIX, 'base64');
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOLS[codec.name]}\r\n\r\n`
  );
}

/** What a client needs beside the status. */
const REFUSAL_HEADERS: Partial<Record<UpgradeRefusal['status'], string>> = {
  405: 'Allow: GET\r\n',
  426: `Sec-WebSocket-Version: ${VERSION}\r\n`,
  503: 'Retry-After: 5\r\n',
};

/** Answers in HTTP and hangs up. */
export function refuseUpgrade(socket: Duplex, refusal: UpgradeRefusal): void {
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_TEXT[refusal.status],
    status: refusal.status,
    detail: refusal.detail,
  });
  // The peer may already be gone; there is nobody to tell.
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_TEXT[refusal.status]}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: application/problem+json\r\n' +
      (REFUSAL_HEADERS[refusal.status] ?? '') +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
