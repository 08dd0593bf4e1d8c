import type { ConversationId, DeviceId, LogEntry, Presence, UserId } from '@parley/protocol';
import type { MailboxRecord } from './mailbox.ts';
import type { UserLogEntry } from './user-log.ts';

/** Broker routing key. */
export type Topic = `conversation:${ConversationId}` | `user:${UserId}` | `presence:${UserId}`;

/** A member's cursors as others may see them. */
export interface SeenCursors {
  readonly userId: UserId;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Whether `deliveredUpTo` moved; else only the reading did, of which not everybody hears (RCPT-4). */
  readonly isDelivery: boolean;
}

/** What travels between nodes. Log entries are numbered: a lost, repeated or reordered one is noticed and the log is read. The rest is ephemeral. */
export type BrokerEvent =
  /** `originConnectionId`: the connection that got this entry as its acknowledgement and needs no echo. */
  | { readonly type: 'entry'; readonly entry: LogEntry; readonly originConnectionId: string | null }
  | { readonly type: 'user_entry'; readonly entry: UserLogEntry }
  /** RCPT-2: what others may see of the cursors that moved, and the smallest of all members. */
  | {
      readonly type: 'receipts';
      readonly conversationId: ConversationId;
      readonly cursors: readonly SeenCursors[];
      readonly deliveredByAllUpTo: number;
      readonly readByAllUpTo: number;
    }
  | {
      readonly type: 'typing';
      readonly conversationId: ConversationId;
      readonly userId: UserId;
      readonly state: 'start' | 'stop';
    }
  | { readonly type: 'presence'; readonly presence: Presence }
  | { readonly type: 'mailbox'; readonly record: MailboxRecord }
  /** Close connections: of one device, or (deviceId null) of the whole user. */
  | {
      readonly type: 'disconnect';
      readonly userId: UserId;
      readonly deviceId: DeviceId | null;
      readonly reason: 'DEVICE_REVOKED' | 'ACCOUNT_DELETED';
    };

/** Carries events between nodes, at most once, in no promised order: a hint, never the truth (S8, P3). Publishing never fails a command: losses are repaired from the log. */
export interface Broker {
  publish(topic: Topic, event: BrokerEvent): void;
  /** Resolves when events published from now on will arrive. The returned function unsubscribes. */
  subscribe(topic: Topic, onEvent: (event: BrokerEvent) => void): Promise<() => void>;
}
