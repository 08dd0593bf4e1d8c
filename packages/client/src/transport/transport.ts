import type { Command, ServerFrame } from '@parley/protocol';

export type TransportKind = 'websocket' | 'long_poll';

export interface TransportListener {
  onFrame(frame: ServerFrame): void;
  /** Once, with a close code of the protocol or of RFC 6455 (1006: never opened or cut). Not after `close()`. `retryAfterMs`: when the server said that one may come back. */
  onClosed(code: number, retryAfterMs?: number): void;
}

/** Frames in order, out in order, until it closes. What was sent before it closed may or may not have arrived. */
export interface Transport {
  send(command: Command): void;
  close(): void;
}

/** The server speaks first (`hello`), so there is no event for "open". The listener is never called before this returns. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** Close codes of our own side: RFC 6455 §7.4.1. */
export const NORMAL_CLOSURE = 1000;
export const ABNORMAL_CLOSURE = 1006;
