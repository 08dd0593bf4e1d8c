import type { OutboxRow, OutboxWrite } from '@parley/client';
import { type Message, makeDeviceId, makeGroupId, makeMessageId, makeUserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { withChange } from './pending-changes.ts';

const message: Message = {
  conversation_id: makeGroupId(9n),
  seq: 4,
  count: 4,
  created_at: 1,
  sender_id: makeUserId(1n),
  message_id: makeMessageId(4n),
  client_msg_id: 'key',
  content: { text: 'Before', reply_to: 2 },
  edited_at: null,
  reactions: [{ emoji: '👍', count: 2, me: true }],
  state_seq: 4,
};

const changed = (write: OutboxWrite): Message => {
  const row: OutboxRow = {
    clientMsgId: 'other',
    userId: makeUserId(1n),
    deviceId: makeDeviceId(5n),
    conversationId: message.conversation_id,
    createdAt: 1,
    order: 1,
    write,
    state: { kind: 'pending' },
  };
  return withChange(message, row);
};

test('an edit that waits is seen at once and keeps what the message answered', () => {
  expect(changed({ kind: 'edit', targetSeq: 4, content: { text: 'After' } }).content).toEqual({
    text: 'After',
    reply_to: 2,
  });
});

test('a reaction that waits is counted at once, in both directions and only once', () => {
  const react = (emoji: string, action: 'added' | 'removed') =>
    changed({ kind: 'react', targetSeq: 4, emoji, action }).reactions;
  expect(react('👍', 'removed')).toEqual([{ emoji: '👍', count: 1, me: false }]);
  expect(react('👍', 'added')).toEqual(message.reactions);
  expect(react('🎉', 'added')).toEqual([...message.reactions, { emoji: '🎉', count: 1, me: true }]);
  expect(react('🎉', 'removed')).toEqual(message.reactions);
});
