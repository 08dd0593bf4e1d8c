import type { CloseName, Codec } from '@parley/protocol';
import type { EncodedFrame } from './encoded-frame.ts';

/** How a connection reaches its client: a WebSocket or a long-poll session. */
export interface Transport {
  readonly codec: Codec;
  /** False: the bound on waiting bytes is passed (CONN-11); the caller closes with TOO_SLOW. A closed transport takes and forgets. */
  send(frame: EncodedFrame): boolean;
  /** Whether less than half of the bound is waiting, so that a replay may go on. */
  readonly hasRoom: boolean;
  /** Resolves when there is room again, or the transport is closed. Bounded by the deadline on `stalledSince`. */
  room(): Promise<void>;
  /** Unix ms since when the client has taken nothing of what waits for it; null: it keeps up. */
  readonly stalledSince: number | null;
  /** Asks the client for no more input, so that the queue of commands stays short. */
  pauseReading(): void;
  resumeReading(): void;
  /** Sends what waits (except to a client that is too slow), then the close code. */
  close(name: CloseName): void;
  /** The way to the client is gone: forgets what waits. */
  ended(): void;
}
