import type { Conversation } from '@parley/protocol';
import type { Account } from '../ports/account-store.ts';
import type { ConversationView } from '../ports/conversation-store.ts';

/**
 * A conversation as its member sees it on the wire. Unread is arithmetic (RCPT-3); a last message of before the joining is not shown (HIST-4), nor what others have
 * read to a member who hides own reading (RCPT-4).
 */
export function conversationOfView(view: ConversationView, viewer: Pick<Account, 'privacy'> | undefined): Conversation {
  const { record, head, membership, lastMessage, peer, deliveredByAllUpTo, readByAllUpTo } = view;
  const seesReading = viewer?.privacy.read_receipts === true;
  return {
    conversation_id: record.conversationId,
    kind: record.kind,
    name: record.name,
    description: record.description,
    avatar_url: record.avatarUrl,
    visibility: record.visibility,
    created_at: record.createdAt,
    member_count: record.memberCount,
    head_seq: head.seq,
    message_count: head.count,
    last_activity_at: head.lastActivityAt,
    unread_count: Math.max(0, head.count - membership.readCount),
    last_message: lastMessage !== null && lastMessage.seq >= membership.visibleFromSeq ? lastMessage : null,
    peer,
    receipts: { delivered_up_to: deliveredByAllUpTo, read_up_to: seesReading ? readByAllUpTo : 0 },
    my: {
      role: membership.role,
      visible_from_seq: membership.visibleFromSeq,
      delivered_up_to: membership.deliveredUpTo,
      read_up_to: membership.readUpTo,
      read_count: membership.readCount,
      settings: membership.settings,
    },
  };
}
