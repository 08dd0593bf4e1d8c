import { request } from 'node:http';
import { connect } from 'node:net';
import { HANG_MS } from './tally.ts';

interface RawRequest {
  readonly method: string;
  /** As it stands on the wire: nothing is normalised. */
  readonly path: string;
  readonly token?: string;
  readonly body?: string;
}

/** The status of the answer and its `code`; a connection that the server ends without an answer is status 0. */
export function rawRequest(
  url: string,
  { method, path, token, body }: RawRequest,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const sent = request({ hostname, port, method, path, timeout: HANG_MS + 1_000 }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      response.on('error', () => resolve({ status: 0, text: 'The answer broke off.' }));
    });
    sent.on('timeout', () => sent.destroy(new Error('No answer came in time.')));
    sent.on('error', ({ message }) => resolve({ status: 0, text: message }));
    if (token !== undefined) sent.setHeader('authorization', `Bearer ${token}`);
    if (body !== undefined) sent.setHeader('content-type', 'application/json');
    sent.end(body);
  });
}

/** Bytes on a bare TCP connection; resolves when the server has answered or hung up. */
export function rawBytes(url: string, bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    socket.setTimeout(HANG_MS, () => socket.destroy());
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    // Half-closed: a request that is not whole must not be waited for.
    socket.end(bytes);
  });
}
