export type { Account, AccountStore } from './ports/account-store.ts';
export type { Broker, BrokerEvent, Topic } from './ports/broker.ts';
export type {
  ChangeOutcome,
  ConversationRecord,
  ConversationStore,
  ConversationView,
  CreateConversation,
  ListPlace,
} from './ports/conversation-store.ts';
export type { DeviceRecord, DeviceStore, RefreshToken } from './ports/device-store.ts';
export type { Clock, Digest, Log, LogFields, Random } from './ports/environment.ts';
export type { KeyBundleStore } from './ports/key-bundle-store.ts';
export type { Mailbox, MailboxPut, MailboxRecord } from './ports/mailbox.ts';
export type { CursorMove, CursorRequest, Membership, MembershipStore } from './ports/membership-store.ts';
export type {
  Append,
  AppendOutcome,
  Author,
  Head,
  HistoryQuery,
  HistorySlice,
  LogRange,
  MessageLog,
} from './ports/message-log.ts';
export type { OneTimeSecrets } from './ports/one-time-secrets.ts';
export type { Ports, Stores } from './ports/ports.ts';
export type { PresenceStore } from './ports/presence-store.ts';
export type {
  AccessClaims,
  CodeSender,
  PasswordHasher,
  RateLimit,
  RateLimiter,
  RateVerdict,
  TokenSigner,
} from './ports/security.ts';
export { StoreError } from './ports/store-error.ts';
export type { UserFact, UserLog, UserLogEntry, UserLogRange } from './ports/user-log.ts';
