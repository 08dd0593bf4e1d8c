import type { ConversationId, DeviceId, MySettings, UserId } from '@parley/protocol';

/** An entry of a user's log as stored; the edge completes it (conversation, profile) when it sends it. `seq` is gapless per user; superseded entries are gone. */
export type UserLogEntry = { readonly userId: UserId; readonly seq: number } & UserFact;

export type UserFact =
  | { readonly type: 'conversation_joined'; readonly conversationId: ConversationId }
  | {
      readonly type: 'conversation_left';
      readonly conversationId: ConversationId;
      readonly reason: 'left' | 'removed' | 'account_deleted';
    }
  | {
      readonly type: 'cursor_moved';
      readonly conversationId: ConversationId;
      readonly deliveredUpTo: number;
      readonly readUpTo: number;
      readonly readCount: number;
    }
  | { readonly type: 'settings_changed'; readonly conversationId: ConversationId; readonly settings: MySettings }
  | { readonly type: 'message_hidden'; readonly conversationId: ConversationId; readonly messageSeq: number }
  | { readonly type: 'profile_changed' }
  | { readonly type: 'devices_changed'; readonly deviceId: DeviceId; readonly change: 'added' | 'removed' };

export interface UserLogRange {
  readonly entries: readonly UserLogEntry[];
  /** Every seq in (afterSeq, coveredUpTo] is in `entries` or was superseded by a later entry of the same kind and subject. */
  readonly coveredUpTo: number;
  readonly headSeq: number;
}

/**
 * The facts of one user, for all devices. Entries are written by the verbs of the other stores, in the same atomic write as the fact itself; those
 * verbs report them through `UserLogFeed`. Superseding: `cursor_moved` and `settings_changed` per conversation, `profile_changed` per user.
 */
export interface UserLog {
  readAfter(userId: UserId, afterSeq: number, limit: number): Promise<UserLogRange>;
  head(userId: UserId): Promise<number>;
  /** Heads of many users at once; one without entries is absent. */
  heads(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, number>>;
  /** "Deleted for me": hides a message from all devices of the user. Repeating changes nothing. */
  hideMessage(
    userId: UserId,
    conversationId: ConversationId,
    seq: number,
  ): Promise<'hidden' | 'unchanged' | 'not_a_member' | 'target_missing'>;
  /** Called with entries after they are durable, in order per user, so that the node can publish them. One listener, set at start. */
  onAppended(listener: (entries: readonly UserLogEntry[]) => void): void;
}
