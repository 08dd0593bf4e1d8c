import type { ConversationId, ConversationKind, LogEntry, Message, Role, User, UserId } from '@parley/protocol';
import type { ChangeOutcome, Membership } from './membership-store.ts';
import type { Head } from './message-log.ts';

export interface ConversationRecord {
  readonly conversationId: ConversationId;
  readonly kind: ConversationKind;
  readonly name: string | null;
  readonly description: string | null;
  readonly avatarUrl: string | null;
  readonly visibility: 'private' | 'public';
  readonly createdAt: number;
  readonly createdBy: UserId;
  readonly memberCount: number;
}

/** Everything that the list and the header of a conversation show to one member, read in one consistent step. */
export interface ConversationView {
  readonly record: ConversationRecord;
  readonly head: Head;
  readonly membership: Membership;
  readonly lastMessage: Message | null;
  /** The other user of a direct conversation. */
  readonly peer: User | null;
  /** Smallest delivered and shared-read cursors of all members. */
  readonly deliveredByAllUpTo: number;
  readonly readByAllUpTo: number;
}

export interface CreateConversation {
  readonly record: Omit<ConversationRecord, 'memberCount'>;
  readonly members: readonly { readonly userId: UserId; readonly role: Role }[];
  readonly membersMax: number;
  /** Idempotency of the request, unique per creator; `null` for direct (its id is the key). */
  readonly key: { readonly clientMsgId: string; readonly fingerprint: string } | null;
}

/** Place in a list ordered by last activity, newest first. */
export interface ListPlace {
  readonly lastActivityAt: number;
  readonly conversationId: ConversationId;
}

/**
 * Conversations and what their members see of them. Every write is one atomic, durable step that also appends to the conversation's log and to the
 * user logs of those concerned; it resolves after the commit.
 */
export interface ConversationStore {
  /** Writes record, memberships, a `conversation_created` entry (seq 1) and, when there are members beside the creator, a `member_added` entry
   *  (not for direct); a `conversation_joined` in each member's user log. A direct conversation or a key that exists: `exists` with the first id. */
  create(request: CreateConversation): Promise<
    | { readonly kind: 'created'; readonly entries: readonly LogEntry[] }
    | { readonly kind: 'exists'; readonly conversationId: ConversationId }
    | { readonly kind: 'key_reused' }
    | { readonly kind: 'too_many_members' }
    /** A member id that is no account, or a deleted one. */
    | { readonly kind: 'unknown_user'; readonly userId: UserId }
  >;
  find(conversationId: ConversationId): Promise<ConversationRecord | undefined>;
  /** Undefined when the user is no member, or there is no such conversation. */
  view(conversationId: ConversationId, viewer: UserId): Promise<ConversationView | undefined>;
  /** Last activity first. `archived` undefined: both. */
  list(
    viewer: UserId,
    options: { readonly after: ListPlace | null; readonly limit: number; readonly archived: boolean | undefined },
  ): Promise<readonly ConversationView[]>;
  update(request: {
    readonly conversationId: ConversationId;
    readonly actor: UserId;
    readonly roles: readonly Role[];
    readonly at: number;
    readonly change: Partial<Pick<ConversationRecord, 'name' | 'description' | 'avatarUrl' | 'visibility'>>;
  }): Promise<ChangeOutcome>;
  /** Public channels whose name begins with the text (case-insensitive), by name then id, after the place. */
  publicChannels(
    query: string,
    after: { readonly name: string; readonly conversationId: ConversationId } | null,
    limit: number,
  ): Promise<readonly ConversationRecord[]>;
}
