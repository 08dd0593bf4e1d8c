import {
  addMembers,
  type Core,
  changeRole,
  createConversation,
  getConversation,
  joinChannel,
  leaveConversation,
  listConversations,
  listMembers,
  removeMember,
  searchChannels,
  updateConversation,
  updateSettings,
} from '@parley/core';
import type { HandlersOf } from '../handler.ts';

/** Conversations and who is in them. */
export const conversationHandlers = (
  core: Core,
): HandlersOf<
  | 'listConversations'
  | 'createConversation'
  | 'getConversation'
  | 'updateConversation'
  | 'updateSettings'
  | 'leaveConversation'
  | 'joinChannel'
  | 'searchChannels'
  | 'listMembers'
  | 'addMembers'
  | 'changeRole'
  | 'removeMember'
> => ({
  listConversations: ({ actor, request }) => listConversations(core, actor, request),
  createConversation: ({ actor, request, idempotencyKey }) =>
    createConversation(core, actor, request.body, idempotencyKey),
  getConversation: ({ actor, request }) => getConversation(core, actor, request),
  updateConversation: ({ actor, request }) => updateConversation(core, actor, request),
  updateSettings: ({ actor, request }) => updateSettings(core, actor, request),
  leaveConversation: ({ actor, request }) => leaveConversation(core, actor, request),
  joinChannel: ({ actor, request }) => joinChannel(core, actor, request),
  searchChannels: ({ actor, request }) => searchChannels(core, actor, request),
  listMembers: ({ actor, request }) => listMembers(core, actor, request),
  addMembers: ({ actor, request }) => addMembers(core, actor, request),
  changeRole: ({ actor, request }) => changeRole(core, actor, request),
  removeMember: ({ actor, request }) => removeMember(core, actor, request),
});
