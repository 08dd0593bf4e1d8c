import {
  type Core,
  deleteMessage,
  editMessage,
  forwardMessage,
  getReceipts,
  listEntries,
  listMessages,
  moveCursors,
  react,
  sendMessage,
} from '@parley/core';
import type { HandlersOf } from '../handler.ts';

/** Messages, their changes, history and receipts. The writes are those of the socket; only the shape of the request differs. */
export const messageHandlers = (
  core: Core,
): HandlersOf<
  | 'listMessages'
  | 'listEntries'
  | 'sendMessage'
  | 'forwardMessage'
  | 'editMessage'
  | 'deleteMessage'
  | 'react'
  | 'getReceipts'
  | 'moveCursors'
> => ({
  listMessages: ({ actor, request }) => listMessages(core, actor, request),
  listEntries: ({ actor, request: { params, query } }) =>
    listEntries(core, actor, {
      conversationId: params.conversation_id,
      afterSeq: query.after_seq,
      limit: query.limit,
    }),
  sendMessage: ({ actor, request: { params, body } }) =>
    sendMessage(core, actor, {
      conversationId: params.conversation_id,
      clientMsgId: body.client_msg_id,
      content: body.content,
    }),
  forwardMessage: ({ actor, request: { params, body } }) =>
    forwardMessage(core, actor, {
      conversationId: params.conversation_id,
      clientMsgId: body.client_msg_id,
      source: { conversationId: body.source.conversation_id, seq: body.source.seq },
    }),
  editMessage: ({ actor, request: { params, body } }) =>
    editMessage(core, actor, {
      conversationId: params.conversation_id,
      clientMsgId: body.client_msg_id,
      targetSeq: params.seq,
      content: body.content,
    }),
  deleteMessage: ({ actor, request: { params, body } }) =>
    deleteMessage(core, actor, {
      conversationId: params.conversation_id,
      clientMsgId: body.client_msg_id,
      targetSeq: params.seq,
      scope: body.scope,
    }),
  react: ({ actor, request: { params, body } }) =>
    react(core, actor, {
      conversationId: params.conversation_id,
      clientMsgId: body.client_msg_id,
      targetSeq: params.seq,
      emoji: body.emoji,
      action: body.action,
    }),
  getReceipts: ({ actor, request }) => getReceipts(core, actor, request),
  moveCursors: ({ actor, request: { params, body } }) =>
    moveCursors(core, actor, {
      conversationId: params.conversation_id,
      ...(body.delivered_up_to === undefined ? {} : { deliveredUpTo: body.delivered_up_to }),
      ...(body.read_up_to === undefined ? {} : { readUpTo: body.read_up_to }),
    }),
});
