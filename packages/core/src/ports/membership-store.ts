import type { ConversationId, LogEntry, MySettings, Role, User, UserId } from '@parley/protocol';

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly entry: LogEntry }
  | { readonly kind: 'not_a_member' }
  | { readonly kind: 'role_too_low' };

export interface Membership {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly role: Role;
  readonly joinedAt: number;
  /** First seq that this member may read: groups from the joining, channels and direct from 1. */
  readonly visibleFromSeq: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Message count at readUpTo (S9). */
  readonly readCount: number;
  readonly settings: MySettings;
}

/** A member's cursors after a move, and the smallest ones of all members after all moves of the call. */
export interface CursorMove {
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  readonly readCount: number;
  readonly headSeq: number;
  readonly messageCount: number;
  /** What others may see of `readUpTo`: it stays while the member does not share read receipts. */
  readonly sharedReadUpTo: number;
  /** Whether anything that others may see went forward; a repeated or older receipt changes nothing. */
  readonly isNews: boolean;
  /** Whether `deliveredUpTo` did: what is news also to those who are told of no reading (RCPT-4). */
  readonly isDelivery: boolean;
  readonly deliveredByAllUpTo: number;
  readonly readByAllUpTo: number;
}

export interface CursorRequest {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
  /** 0 leaves the cursor where it is. */
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Whether others may learn of the reading. */
  readonly sharesReading: boolean;
}

/**
 * Who is in which conversation. Writes are atomic and durable, append the matching entry to the conversation's log (members, roles) and to the user
 * logs of those concerned, and resolve after the commit.
 */
export interface MembershipStore {
  find(conversationId: ConversationId, userId: UserId): Promise<Membership | undefined>;
  /** Ids of all conversations of a user (at most 10,000, newest activity first). */
  conversationsOf(userId: UserId): Promise<readonly ConversationId[]>;
  /** Members by user id, after a user id. */
  list(
    conversationId: ConversationId,
    after: UserId | null,
    limit: number,
  ): Promise<readonly { readonly user: User; readonly role: Role; readonly joinedAt: number }[]>;
  /** Adds those who are not yet members, as `member`, with cursors at the head. One `member_added` entry; none when all are members already. `self`: the
   *  actor adds itself (joins) and needs no role. */
  add(request: {
    readonly conversationId: ConversationId;
    readonly actor: UserId;
    readonly roles: readonly Role[] | 'self';
    readonly userIds: readonly UserId[];
    readonly membersMax: number;
    readonly at: number;
  }): Promise<
    | ChangeOutcome
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'too_many_members' }
    | { readonly kind: 'unknown_user'; readonly userId: UserId }
  >;
  /** Removes one member; `last_owner` when other members would be left without an owner. `roles`: which roles the actor may have (`self`: leaving); an actor
   *  who is no owner cannot remove an owner (`role_too_low`). */
  remove(request: {
    readonly conversationId: ConversationId;
    readonly actor: UserId;
    readonly roles: readonly Role[] | 'self';
    readonly userId: UserId;
    readonly reason: 'left' | 'removed' | 'account_deleted';
    readonly at: number;
  }): Promise<ChangeOutcome | { readonly kind: 'target_missing' } | { readonly kind: 'last_owner' }>;
  changeRole(request: {
    readonly conversationId: ConversationId;
    readonly actor: UserId;
    readonly roles: readonly Role[];
    readonly userId: UserId;
    readonly role: Role;
    readonly at: number;
  }): Promise<ChangeOutcome | { readonly kind: 'target_missing' } | { readonly kind: 'last_owner' }>;
  /** Moves cursors forward only, never past the head; reading also moves `delivered`. A request that moves anything supersedes the `cursor_moved` entry of that
   *  conversation in the user's log. Undefined per request: no member. Requests of one call share one commit. */
  moveCursors(requests: readonly CursorRequest[]): Promise<readonly (CursorMove | undefined)[]>;
  changeSettings(
    conversationId: ConversationId,
    userId: UserId,
    change: Partial<MySettings>,
  ): Promise<MySettings | undefined>;
  /** Cursors of the members, by user id after a user id: who has a message and who has read it. `readUpTo` is the shared one. */
  receipts(
    conversationId: ConversationId,
    seq: number,
    after: UserId | null,
    limit: number,
  ): Promise<{
    /** Members who may see the message at `seq`, without its sender. */
    readonly recipients: number;
    readonly delivered: number;
    readonly read: number;
    readonly items: readonly { readonly userId: UserId; readonly deliveredUpTo: number; readonly readUpTo: number }[];
  }>;
  /** Which of the candidates share at least one direct or group conversation with the user. At most 100 candidates. */
  acquaintances(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** Which of the candidates have turned to the user: they made the direct conversation of the two or have written in it. At most 100 candidates. */
  turnedTo(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>>;
}
