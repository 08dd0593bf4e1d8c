import { type ClientState, conversationList, unreadOf } from '@parley/client';
import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import { harmless, nameOfConversation } from '../words.ts';
import { h } from './element.ts';

/** The conversations, as many as fit: number, name, unread. */
export function ConversationPane({
  state,
  openId,
  height,
  width,
}: {
  readonly state: ClientState;
  readonly openId: string | undefined;
  readonly height: number;
  readonly width: number;
}): ReactElement {
  const all = conversationList(state.conversations);
  const lines = all.slice(0, height).map((conversation, index) => {
    const id = conversation.resource.conversation_id;
    const unread = unreadOf(conversation);
    const peer = conversation.resource.peer?.user_id;
    const isOnline = peer !== undefined && state.presence[peer]?.status === 'online';
    const text = `${index + 1} ${harmless(nameOfConversation(conversation))}${isOnline ? ' ●' : ''}${unread > 0 ? ` (${unread})` : ''}`;
    return h(Text, { key: id, wrap: 'truncate', bold: unread > 0, inverse: id === openId }, text);
  });
  const empty = h(Text, { key: 'empty', dimColor: true }, 'No conversations yet.\n/open USERNAME');
  return h(
    Box,
    { flexDirection: 'column', width, height, overflow: 'hidden', marginRight: 1 },
    ...(lines.length === 0 ? [empty] : lines),
  );
}
