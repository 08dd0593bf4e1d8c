import type { ConversationId, SubprotocolName } from '@parley/protocol';
import type { FilledBuckets } from '../measure/histogram.ts';

/** What the bench process tells its driver processes, and what they answer. Plain data: it crosses a process border. */

/** Parley's two encodings, and what a peer speaks. */
export type Dialect = SubprotocolName | 'socket.io' | 'xmpp' | 'resp';

/** A conversation in which a seat sends. */
export interface Lane {
  readonly conversationId: ConversationId;
  /** How many seats of the same driver process receive each message. */
  readonly recipients: number;
}

/** One connection. */
export interface Seat {
  /** Number of the seat among all driver processes. */
  readonly seat: number;
  readonly path: string;
  /** Undefined: a floor server, which knows no accounts. */
  readonly login?: { readonly token: string; readonly epoch: string; readonly userSeq: number };
  /** A channel that is opened after the log-in, with the position from which on it is live. */
  readonly channel?: { readonly conversationId: ConversationId; readonly afterSeq: number };
  readonly lanes: readonly Lane[];
  /** Only of peers that address messages: to whom or where this seat writes, and its own name or where it listens. */
  readonly address?: { readonly to: string; readonly own: string };
}

export interface OpenOrder {
  readonly kind: 'open';
  readonly host: string;
  readonly port: number;
  readonly codec: Dialect;
  readonly textBytes: number;
  readonly seats: readonly Seat[];
}

/** `closed`: each seat with lanes keeps `inFlight` messages on the way. `open`: messages leave at `perSecond` whether or not earlier ones were answered. `quiet`: only listens. */
export type Work =
  | { readonly kind: 'closed'; readonly inFlight: number }
  | { readonly kind: 'open'; readonly perSecond: number }
  | { readonly kind: 'quiet' };

export type Order =
  | OpenOrder
  | { readonly kind: 'start'; readonly work: Work }
  /** Forgets what was counted so far: the warm-up is over. */
  | { readonly kind: 'measure' }
  /** Ends the measurement at once, then waits for what is on the way. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'close' };

export interface Tally {
  readonly seconds: number;
  /** Messages handed to the socket. */
  readonly sent: number;
  readonly acknowledged: number;
  /** `new_message` frames that arrived. */
  readonly delivered: number;
  /** Messages that were acknowledged and had arrived at all their recipients in this process. */
  readonly completed: number;
  /** µs from sending (open loop: from when it was to be sent) to the acknowledgement, and to the arrival at each recipient. */
  readonly acknowledgedUs: FilledBuckets;
  readonly deliveredUs: FilledBuckets;
  /** µs from sending to the last answer of a message: its acknowledgement or the arrival at its last recipient. Closed loops only. */
  readonly completedUs: FilledBuckets;
  /** Bytes read from all sockets. */
  readonly bytesIn: number;
  /** CPU seconds of this driver process. */
  readonly cpuSeconds: number;
}

export type Report =
  | { readonly kind: 'opened'; readonly seconds: number }
  | { readonly kind: 'started' }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'pulse'; readonly completed: number; readonly delivered: number }
  | { readonly kind: 'finished'; readonly tally: Tally; readonly unanswered: number }
  | { readonly kind: 'failed'; readonly problem: string };
