import type { Core, ReceiptMerger } from '@parley/core';
import type { ConnectionTable } from './connection-table.ts';
import type { Counters } from './counters.ts';
import type { DeadlineWheel } from './deadline-wheel.ts';
import type { FrameEncoder } from './encoded-frame.ts';
import type { Hub } from './hub.ts';

export interface GatewayOptions {
  /** Told in `hello`. */
  readonly version: string;
  readonly features: readonly string[];
  /** Origins of pages, beside the server's own, whose scripts may connect (CONN-10), such as `https://chat.example.org`. */
  readonly allowedOrigins: readonly string[];
  /** Open connections of this node; more get HTTP 503. */
  readonly connectionsMax: number;
  /** Connections that have not authenticated yet; more get HTTP 503. */
  readonly strangersMax: number;
  /** How often every topic in use is compared with its log, in case the broker lost the last event of one. */
  readonly repairIntervalMs: number;
  /** POLL-2, POLL-3 and how many sessions this node holds. */
  readonly pollWaitMs: number;
  readonly pollSessionsMax: number;
}

export const defaultGatewayOptions: GatewayOptions = Object.freeze({
  version: '0.0.0',
  features: [],
  allowedOrigins: [],
  connectionsMax: 100_000,
  strangersMax: 10_000,
  repairIntervalMs: 60_000,
  pollWaitMs: 25_000,
  pollSessionsMax: 1_000,
});

/** What all connections of one gateway share. */
export interface Edge {
  readonly core: Core;
  readonly options: GatewayOptions;
  readonly counters: Counters;
  readonly encoder: FrameEncoder;
  readonly wheel: DeadlineWheel;
  readonly connections: ConnectionTable;
  readonly hub: Hub;
  readonly receipts: ReceiptMerger;
  /** Takes charge of work that nobody waits for: its failure is logged under the name. */
  supervise(name: string, work: Promise<unknown>): void;
}
