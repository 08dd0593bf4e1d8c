import type { OutboxWrite } from '@parley/client';
import type { Conversation } from '@parley/protocol';
import { expect, test } from 'vitest';
import { mayRetry } from './message-rights.ts';

const WRITES: readonly OutboxWrite[] = [
  { kind: 'send', content: { text: 'Hello' } },
  { kind: 'edit', targetSeq: 4, content: { text: 'Hello' } },
  { kind: 'react', targetSeq: 4, emoji: '👍', action: 'added' },
  { kind: 'delete', targetSeq: 4, scope: 'everyone' },
];

const offered = (conversation: Conversation | undefined): readonly string[] =>
  WRITES.filter((write) => mayRetry(write, conversation)).map(({ kind }) => kind);

// The cast holds: nothing else of a conversation is asked for.
const as = (role: Conversation['my']['role'], kind: Conversation['kind']): Conversation =>
  ({ kind, my: { role } }) as Conversation;

test('[SEND-5] what was refused is offered to be sent again only to who may write it now', () => {
  const all = WRITES.map(({ kind }) => kind);
  expect(offered(as('member', 'group'))).toEqual(all);
  expect(offered(as('admin', 'channel'))).toEqual(all);
  expect(offered(as('member', 'channel'))).toEqual(['delete']);
  // Removed, or gone.
  expect(offered(undefined)).toEqual([]);
});
