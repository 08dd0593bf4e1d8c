/** The numbers of docs/protocol.md and of this server's policy. Bounds that are part of the wire contract are LIMITS of @parley/protocol. */
export interface Settings {
  readonly serverName: string;
  /** Until the owner decides otherwise (PLACE-1). `closed`: nobody can register, whatever the owner decides. */
  readonly registration: 'open' | 'invitation' | 'closed';

  readonly groupMembersMax: number;
  readonly channelMembersMax: number;
  readonly editWindowMs: number;
  readonly deleteWindowMs: number;
  /** Writes of one user (SEND-12); 0 is no limit. */
  readonly writesPerMinute: number;
  /** Writes of all members together in one conversation (SEND-13); 0 is no limit. */
  readonly conversationWritesPerMinute: number;
  /** Connections that one user opens, over all devices (CONN-13); 0 is no limit. */
  readonly connectionsPerMinute: number;
  /** HTTP requests of one user or address; 0 is no limit. */
  readonly requestsPerMinute: number;

  readonly accessTokenTtlMs: number;
  readonly refreshTokenTtlMs: number;
  readonly devicesMax: number;
  readonly ticketTtlMs: number;
  readonly codeTtlMs: number;
  readonly codeAttemptsMax: number;
  /** Login codes sent to one phone within an hour. */
  readonly codesPerHour: number;
  /** Password or code attempts within `loginWindowMs`: on one account from one address, on one account, from one address. */
  readonly loginAttemptsPerAccountAndAddress: number;
  readonly loginAttemptsPerAccount: number;
  readonly loginAttemptsPerAddress: number;
  /** Tries to make an account within `loginWindowMs`, from one address: a whole school may sit behind one. */
  readonly registrationsPerAddress: number;
  readonly loginWindowMs: number;

  /** Groups with more members pass no typing on (TYPE-1). */
  readonly typingMembersMax: number;
  readonly typingIntervalMs: number;
  readonly presenceTtlMs: number;
  /** Going offline is told only after this time, so that a reconnect is not seen (PRES-2). */
  readonly presenceSettleMs: number;
  readonly receiptMergeMs: number;
  /** Cursor moves that wait to be merged; more are dropped and repeated by their clients. */
  readonly receiptsPendingMax: number;

  readonly mailboxItemsMax: number;
  /** Key bundles of one person handed to another within an hour (KEYS-1). */
  readonly keyRequestsPerHour: number;
  /** User events that a sync replays before it asks for a snapshot (SYNC-7). */
  readonly userEventsReplayMax: number;

  readonly heartbeatIntervalMs: number;
  readonly authenticationTimeoutMs: number;
  /** What may wait for one connection (CONN-11). Replies begin while less than half of it waits, so it holds two frames of the largest size. */
  readonly outboundBytesMax: number;
  readonly connectionsPerDeviceMax: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const defaultSettings: Settings = Object.freeze({
  serverName: 'Parley',
  registration: 'open',

  groupMembersMax: 1_024,
  channelMembersMax: 2_000_000,
  editWindowMs: DAY_MS,
  deleteWindowMs: HOUR_MS,
  writesPerMinute: 100,
  conversationWritesPerMinute: 6_000,
  connectionsPerMinute: 10,
  requestsPerMinute: 600,

  accessTokenTtlMs: 10 * MINUTE_MS,
  refreshTokenTtlMs: 60 * DAY_MS,
  devicesMax: 20,
  ticketTtlMs: 30 * SECOND_MS,
  codeTtlMs: 5 * MINUTE_MS,
  codeAttemptsMax: 5,
  codesPerHour: 5,
  loginAttemptsPerAccountAndAddress: 10,
  loginAttemptsPerAccount: 100,
  loginAttemptsPerAddress: 300,
  registrationsPerAddress: 600,
  loginWindowMs: 15 * MINUTE_MS,

  typingMembersMax: 20,
  typingIntervalMs: 3 * SECOND_MS,
  presenceTtlMs: MINUTE_MS,
  presenceSettleMs: 5 * SECOND_MS,
  receiptMergeMs: 250,
  receiptsPendingMax: 10_000,

  mailboxItemsMax: 10_000,
  keyRequestsPerHour: 5,
  userEventsReplayMax: 1_000,

  heartbeatIntervalMs: 30 * SECOND_MS,
  authenticationTimeoutMs: 10 * SECOND_MS,
  outboundBytesMax: 262_144,
  connectionsPerDeviceMax: 10,
} satisfies Settings);
