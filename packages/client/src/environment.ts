/**
 * The world as the client sees it. Everything that a simulation wants to decide (time, chance, sockets, HTTP) comes through here; the defaults are
 * those of browsers and Node 22 or later.
 */
export interface ClientEnvironment {
  /** Unix ms. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
  /** In [0, 1). */
  random(): number;
  /** RFC 9562 UUID in lower case; version 7 where it becomes the key of a write (a server that keeps keys in order then finds the new ones side by side). */
  uuid(): string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Opens a WebSocket. The listener is never called before this returns, and not after `onClosed`. */
  createSocket(url: string, subprotocol: string, listener: SocketListener): Socket;
  /** Something failed that nobody waits for (a storage that cannot write, for example). The client goes on. */
  report(error: unknown): void;
}

export interface SocketListener {
  onData(data: string | Uint8Array): void;
  /** Once, also when the socket could not be opened. */
  onClosed(code: number): void;
}

export interface Socket {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code: number): void;
}

export const defaultEnvironment: ClientEnvironment = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  uuid: () => makeUuid(),
  fetch: (url, init) => fetch(url, init),
  createSocket(url, subprotocol, listener) {
    const socket = new WebSocket(url, subprotocol);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) =>
      listener.onData(typeof event.data === 'string' ? event.data : new Uint8Array(event.data)),
    );
    socket.addEventListener('close', (event) => listener.onClosed(event.code));
    return {
      // Browsers throw when a socket that is still connecting is written to; one that has closed has told so by onClosed.
      send: (data) => (socket.readyState === WebSocket.OPEN ? socket.send(data) : undefined),
      close: (code) => socket.close(code),
    };
  },
  // In words first: of an error whose class a build has renamed a console shows nothing but that name.
  report: (error) => console.error(String(error), error),
};

/**
 * Version 7: the time in ms, then 74 random bits. Made here because `crypto.randomUUID` gives version 4 only, and exists only on pages with a secure origin, which a
 * chat server on the local network often has not.
 */
export function makeUuid(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 5, rest = now; place >= 0; place -= 1) {
    bytes[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
