import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { binaryCodec, type Codec, jsonCodec, SUBPROTOCOLS, WEBSOCKET_PATH } from '@parley/protocol';

/** Why a request does not become a WebSocket. */
export interface UpgradeRefusal {
  readonly status: 400 | 403 | 404 | 503;
  readonly detail: string;
}

/** The server's order of preference. */
const CODECS: ReadonlyMap<string, Codec> = new Map([
  [SUBPROTOCOLS.binary, binaryCodec],
  [SUBPROTOCOLS.json, jsonCodec],
]);

const STATUS_TEXT = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' } as const;

/** The codec of the best subprotocol that the client offers. */
export function codecOffered(offered: Iterable<string>): Codec | undefined {
  const names = new Set(offered);
  for (const [name, codec] of CODECS) if (names.has(name)) return codec;
  return undefined;
}

/** CONN-10: a browser names the page that connects; a page of another site must not use the visitor's network position. */
function originAllowed(request: IncomingMessage, allowedOrigins: ReadonlySet<string>): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowedOrigins.has(origin)) return true;
  const parsed = URL.parse(origin);
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.host === host;
}

/** Checks what a request says about itself; undefined: it may become a WebSocket. */
export function upgradeRefusal(
  request: IncomingMessage,
  allowedOrigins: ReadonlySet<string>,
): UpgradeRefusal | undefined {
  if (request.url?.split('?', 1)[0] !== WEBSOCKET_PATH)
    return { status: 404, detail: `WebSockets are served at ${WEBSOCKET_PATH}.` };
  if (!originAllowed(request, allowedOrigins))
    return { status: 403, detail: 'Pages of this origin may not connect to this server.' };
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (codecOffered(offered) === undefined)
    return { status: 400, detail: `Offer the subprotocol ${[...CODECS.keys()].join(' or ')}.` };
  return undefined;
}

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
      (refusal.status === 503 ? 'Retry-After: 5\r\n' : '') +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
