import { type ConversationId, conversationKindOf, type Role } from '@parley/protocol';

export const ALL_ROLES: readonly Role[] = ['owner', 'admin', 'member'];
export const LEADING_ROLES: readonly Role[] = ['owner', 'admin'];

/** Who may write: all members, but in channels members only read (SEND-5, MEMB-1). */
export const writerRolesOf = (conversationId: ConversationId): readonly Role[] =>
  conversationKindOf(conversationId) === 'channel' ? LEADING_ROLES : ALL_ROLES;
