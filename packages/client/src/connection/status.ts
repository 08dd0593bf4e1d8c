import type { CloseName } from '@parley/protocol';
import type { TransportKind } from '../transport/transport.ts';

/** Why a connection attempt is over and the next one waits. */
export type WaitingReason = 'unreachable' | 'connection_lost' | 'server_refused' | CloseName;
export type StoppedReason = 'signed_out' | CloseName;

/** Where the connection stands; the one thing a status line shows. */
export type ConnectionStatus =
  /** Not asked to connect. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'authenticating' }
  | { readonly kind: 'syncing' }
  | { readonly kind: 'live'; readonly transport: TransportKind }
  /** The next attempt is at `untilMs` (Unix ms). */
  | {
      readonly kind: 'waiting';
      readonly untilMs: number;
      readonly attempt: number;
      readonly reason: WaitingReason;
    }
  /** It does not come back by itself. */
  | { readonly kind: 'stopped'; readonly reason: StoppedReason };
