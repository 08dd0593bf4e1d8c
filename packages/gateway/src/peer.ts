import type { Actor } from '@parley/core';
import type { CloseName, ServerFrame } from '@parley/protocol';
import type { EncodedFrame } from './encoded-frame.ts';
import type { Transport } from './transport.ts';

/** A connection as everything but itself sees it: somebody to send to, perhaps known. */
export interface Peer {
  readonly id: string;
  readonly transport: Transport;
  readonly closed: boolean;
  /** Undefined before it has authenticated and after it was closed. */
  readonly actor: Actor | undefined;
  /** One frame for this connection alone. */
  send(frame: ServerFrame): void;
  /** A frame that other connections may get as well. */
  deliver(frame: EncodedFrame): void;
  close(name: CloseName): void;
  /** CONN-8: takes nothing new; resolves when what was taken is done. */
  finish(): Promise<void>;
}
