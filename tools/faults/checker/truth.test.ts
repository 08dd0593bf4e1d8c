import { makeGroupId, makeUserId } from '@parley/protocol';
import { expect, it } from 'vitest';
import { isDue, truthOf } from './truth.ts';

it('[HIST-4] what an earlier membership did not bring in time is not due in a later one', () => {
  const [alice, bob] = [makeUserId(10n), makeUserId(11n)];
  const truth = truthOf({
    at: 0,
    type: 'log',
    conversation: makeGroupId(1n),
    head: 5,
    entries: [
      { seq: 1, type: 'conversation_created', sender: alice, count: 0 },
      { seq: 2, type: 'new_message', sender: bob, count: 1, key: 'k1', text: 'one' },
      { seq: 3, type: 'member_removed', sender: bob, count: 1, users: [alice] },
      { seq: 4, type: 'member_added', sender: bob, count: 1, users: [alice] },
      { seq: 5, type: 'new_message', sender: bob, count: 2, key: 'k2', text: 'two' },
    ],
    tombstones: [],
    members: [],
  });
  const due = (upTo: number): number[] => [1, 2, 3, 4, 5].filter((seq) => isDue(truth, alice, seq, upTo));
  expect(due(3)).toEqual([1, 2]);
  expect(due(4)).toEqual([4, 5]);
});
