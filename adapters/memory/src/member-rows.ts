import type { Membership, MembershipStore } from '@parley/core';
import { conversationKindOf, type LogEntry, type Role, type UserId } from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import type { ConversationRow, MemberRow, State } from './state.ts';

/**
 * Makes somebody a member, with cursors at the head. Members of a group see from `joinedAtSeq` on, all others from the beginning.
 */
export function addMember(
  state: State,
  conversation: ConversationRow,
  member: { readonly userId: UserId; readonly role: Role; readonly joinedAt: number; readonly joinedAtSeq: number },
): void {
  const { conversationId } = conversation.record;
  const headSeq = conversation.log.length;
  conversation.members.set(member.userId, {
    userId: member.userId,
    conversationId,
    role: member.role,
    joinedAt: member.joinedAt,
    visibleFromSeq: conversationKindOf(conversationId) === 'group' ? member.joinedAtSeq : 1,
    deliveredUpTo: headSeq,
    readUpTo: headSeq,
    readCount: conversation.messageCount,
    sharedReadUpTo: headSeq,
    settings: { archived: false, pinned: false, muted_until: null, notifications: 'all' },
    hidden: new Set(),
    tookPart: member.userId === conversation.record.createdBy,
  });
  const conversations = state.memberships.get(member.userId) ?? new Set();
  state.memberships.set(member.userId, conversations.add(conversationId));
  state.userFacts.append(member.userId, { type: 'conversation_joined', conversationId });
}

/** Ends a membership and tells the log. */
export function takeOut(
  state: State,
  conversation: ConversationRow,
  { actor, userId, reason, at }: Pick<Parameters<MembershipStore['remove']>[0], 'actor' | 'userId' | 'reason' | 'at'>,
): LogEntry {
  conversation.members.delete(userId);
  state.memberships.get(userId)?.delete(conversation.record.conversationId);
  return appendEntry(conversation, { type: 'member_removed', user_id: userId, reason }, actor, at);
}

/** The membership without what is nobody else's business. */
export function membershipOf({ sharedReadUpTo: _, hidden: __, tookPart: ___, ...membership }: MemberRow): Membership {
  return membership;
}

/** The smallest cursors of all members. */
export function smallestCursors(conversation: ConversationRow): { readonly delivered: number; readonly read: number } {
  let delivered = Number.POSITIVE_INFINITY;
  let read = Number.POSITIVE_INFINITY;
  for (const member of conversation.members.values()) {
    delivered = Math.min(delivered, member.deliveredUpTo);
    read = Math.min(read, member.sharedReadUpTo);
  }
  return { delivered, read };
}

/** Whether a conversation of several would be without an owner if this member were none any more. */
export function isLastOwner(conversation: ConversationRow, userId: UserId): boolean {
  if (conversation.members.get(userId)?.role !== 'owner' || conversation.members.size === 1) return false;
  return ![...conversation.members.values()].some((other) => other.userId !== userId && other.role === 'owner');
}
