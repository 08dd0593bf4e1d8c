import type { OutboxRow, TimelineItem } from '@parley/client';
import { makeDeviceId, makeGroupId, makeMessageId, makeUserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { timelineRows } from './timeline-rows.ts';

const [ada, ben] = [makeUserId(1n), makeUserId(2n)];
const conversation_id = makeGroupId(9n);
const NOON = new Date(2026, 4, 4, 12).getTime();
const MINUTE_MS = 60_000;

const item = (seq: number, sender_id = ben, created_at = NOON): TimelineItem => ({
  kind: 'message',
  seq,
  message: {
    conversation_id,
    seq,
    count: seq,
    created_at,
    sender_id,
    message_id: makeMessageId(BigInt(seq)),
    client_msg_id: `key-${seq}`,
    content: { text: `Text ${seq}` },
    edited_at: null,
    reactions: [],
    state_seq: seq,
  },
});

const waiting = (clientMsgId: string, createdAt = NOON): OutboxRow => ({
  clientMsgId,
  userId: ada,
  deviceId: makeDeviceId(5n),
  conversationId: conversation_id,
  createdAt,
  order: 1,
  write: { kind: 'send', content: { text: 'Waits' } },
  state: { kind: 'pending' },
});

const framing = (items: readonly TimelineItem[], unreadAfter: number | null = null) =>
  timelineRows(items, [], unreadAfter, ada).map(({ startsGroup, endsGroup }) => [startsGroup, endsGroup]);

test('messages of one person within five minutes are one group', () => {
  const items = [item(1), item(2, ben, NOON + MINUTE_MS), item(3, ada, NOON + MINUTE_MS)];
  expect(framing(items)).toEqual([
    [true, false],
    [false, true],
    [true, true],
  ]);
  expect(framing([item(1), item(2, ben, NOON + 6 * MINUTE_MS)])).toEqual([
    [true, true],
    [true, true],
  ]);
});

test('the first row of each day carries the day, and ends the group before it', () => {
  const tomorrow = NOON + 24 * 60 * MINUTE_MS;
  const rows = timelineRows([item(1), item(2, ben, tomorrow), item(3, ben, tomorrow)], [], null, ada);
  expect(rows.map(({ day }) => day)).toEqual([NOON, tomorrow, null]);
  expect(rows[0]?.endsGroup).toBe(true);
});

test('the line of what is new stands once, above the first message of others after the read mark', () => {
  const rows = timelineRows([item(1), item(2, ada), item(3), item(4)], [], 1, ada);
  expect(rows.map(({ isFirstUnread }) => isFirstUnread)).toEqual([false, false, true, false]);
  expect(timelineRows([item(3)], [], null, ada)[0]?.isFirstUnread).toBe(false);
});

test('a waiting message stands below and keeps its key when it gets its place', () => {
  const before = timelineRows([item(1)], [waiting('key-2')], null, ada);
  const after = timelineRows([item(1), item(2, ada)], [], null, ada);
  expect(before.map(({ kind }) => kind)).toEqual(['message', 'waiting']);
  expect(before.map(({ key }) => key)).toEqual(after.map(({ key }) => key));
});

test('older history adds rows at the start and leaves the others as they were', () => {
  const newer = [item(4), item(5, ada), item(6)];
  const before = timelineRows(newer, [], null, ada);
  const after = timelineRows([item(2, ada), item(3), ...newer], [], null, ada);
  expect(after.slice(3)).toEqual(before.slice(1));
});

test('what was hidden for oneself has no row', () => {
  const hidden: TimelineItem = { kind: 'tombstone', seq: 2, reason: 'hidden' };
  expect(timelineRows([item(1), hidden], [], null, ada)).toHaveLength(1);
});

test('a page that comes in above draws its own rows and no other', () => {
  const held = [item(51), item(52, ada), item(53)];
  const before = timelineRows(held, [], null, ada);
  const older = [item(49, ada, NOON - 10 * MINUTE_MS), item(50, ada, NOON - 9 * MINUTE_MS)];
  const after = timelineRows([...older, ...held], [], null, ada);
  // The first one carried the day, which is now told above it.
  expect(after[2]).not.toBe(before[0]);
  expect(after[3]).toBe(before[1]);
  expect(after[4]).toBe(before[2]);
});
