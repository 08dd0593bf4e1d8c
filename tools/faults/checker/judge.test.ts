import { type ConversationId, directIdOf, makeChannelId, makeUserId, type UserId } from '@parley/protocol';
import { expect, it } from 'vitest';
import type { EntryFact, HistoryLine } from './history.ts';
import { explain, type Invariant, judge } from './judge.ts';

const alice = makeUserId(10n);
const bob = makeUserId(11n);
const carol = makeUserId(12n);
const conversation = directIdOf(alice, bob);
const device = `${alice} 0`;
const at = 0;

const created: EntryFact = { seq: 1, type: 'conversation_created', sender: alice, count: 0 };
const first: EntryFact = { seq: 2, type: 'new_message', sender: alice, count: 1, key: 'k1', text: 'one' };
const second: EntryFact = { seq: 3, type: 'new_message', sender: bob, count: 2, key: 'k2', text: 'two' };
const edited: EntryFact = {
  seq: 4,
  type: 'message_edited',
  sender: alice,
  count: 2,
  key: 'k3',
  target: 2,
  text: 'uno',
};

const log = (
  entries: readonly EntryFact[],
  change: Partial<Extract<HistoryLine, { type: 'log' }>> = {},
): HistoryLine => ({
  at,
  type: 'log',
  conversation,
  head: entries.at(-1)?.seq ?? 0,
  entries,
  tombstones: [],
  members: [
    { user: alice, visibleFrom: 1, delivered: 4, read: 4 },
    { user: bob, visibleFrom: 1, delivered: 4, read: 4 },
  ],
  ...change,
});

const sent = (entry: EntryFact, user = alice): HistoryLine => ({
  at,
  type: 'sent',
  connection: 'c1',
  device: `${user} 0`,
  user,
  conversation,
  entry,
});

const shown = (entries: readonly EntryFact[], coveredUpTo: number): HistoryLine => ({
  at,
  type: 'shown',
  device,
  life: 1,
  user: alice,
  conversation,
  entries,
  coveredUpTo,
});

const view = (change: Partial<Extract<HistoryLine, { type: 'view' }>> = {}): HistoryLine => ({
  at,
  type: 'view',
  device,
  user: alice,
  conversation,
  head: 4,
  items: [
    { seq: 2, text: 'uno', key: 'k1' },
    { seq: 3, text: 'two', key: 'k2' },
  ],
  unread: 0,
  delivered: 4,
  read: 4,
  deliveredToAll: 2,
  readByAll: 2,
  ...change,
});

const invoke = (op: number, verb: 'send' | 'read', change: { text?: string; target?: number } = {}): HistoryLine => ({
  at,
  type: 'invoke',
  op,
  device,
  user: alice,
  verb,
  conversation,
  ...change,
});
const kept = (op: number, key: string): HistoryLine => ({ at, type: 'kept', op, key });
const list = (conversations = [conversation]): HistoryLine => ({
  at,
  type: 'list',
  device,
  user: alice,
  conversations,
  badge: 0,
});
const settled: HistoryLine = { at, type: 'settled', waitedMs: 0, late: [], isRepaired: true };
const good = [created, first, second, edited];
const channel = makeChannelId(1n);

/** Alice, who wrote up to 4, asks for a privacy and is told that it is so. */
const chosen = (op: number, text: string): HistoryLine[] => [
  { at, type: 'invoke', op, device, user: alice, verb: 'privacy', text },
  { at, type: 'answer', op, outcome: 'ok' },
];
const later = 20_000;
/** A message of Bob's that Alice marks as read and Bob is told of. */
const third: EntryFact = { seq: 5, type: 'new_message', sender: bob, count: 3, key: 'k4', text: 'three' };
const receipt = (to: string, where: ConversationId, user: UserId, upTo: number): HistoryLine => {
  const all = { deliveredByAll: upTo, readByAll: upTo };
  return { at, type: 'receipt', device: to, conversation: where, user, delivered: upTo, read: upTo, ...all };
};
const toldOfReading: HistoryLine[] = [
  invoke(8, 'read', { target: 5 }),
  receipt(`${bob} 0`, conversation, alice, 5),
  log([...good, third]),
];
const toldOfPresence: HistoryLine = { at: later, type: 'presence', device: `${bob} 0`, user: alice, isTelling: true };
const followed: HistoryLine[] = [
  { at, type: 'subscribed', connection: 'c1', device, user: alice, conversation: channel, seq: 2 },
  settled,
];
/** Alice's device does not hold the conversation, whose state as of `head` it is told. */
const toldOf = (head: number): HistoryLine[] => [
  { at, type: 'synced', connection: 'c1', device, user: alice, positions: [] },
  { at, type: 'joined', connection: 'c1', conversation, head },
];
const readThenKilled: HistoryLine[] = [invoke(1, 'read', { target: 4 }), { at: at + 5_000, type: 'killed', device }];
const unreadAgain: HistoryLine[] = [settled, log(good), list(), view({ read: 2, unread: 1 })];
const promoted: EntryFact = {
  seq: 4,
  type: 'member_role_changed',
  sender: alice,
  count: 1,
  users: [bob],
  role: 'admin',
};
const channelLog = log([created, first, { ...second, sender: alice }, promoted, third], {
  conversation: channel,
  members: [{ user: alice, visibleFrom: 1, delivered: 5, read: 5 }],
});

const joined: EntryFact = { seq: 4, type: 'member_added', sender: alice, count: 2, users: [carol] };
const joinedBeforeEdit = [created, first, second, joined, { ...edited, seq: 5 }];

it('[HIST-4] an edit that keeps quiet about what was said before is the entry of the log', () => {
  const { text: _, ...place } = edited;
  const members = [{ user: alice }, { user: bob }, { user: carol, visibleFrom: 4 }].map((member) => ({
    ...{ visibleFrom: 1, delivered: 4, read: 4 },
    ...member,
  }));
  const truth = log(joinedBeforeEdit, { members });
  expect(judge([sent({ ...place, seq: 5 }, carol), truth])).toEqual([]);
  expect(judge([sent({ ...place, seq: 5 }, alice), truth]).map(({ invariant }) => invariant)).toEqual(['I4']);
});

it('a history in which everything is as promised breaks nothing', () => {
  const history: HistoryLine[] = [
    invoke(1, 'send', { text: 'one' }),
    kept(1, 'k1'),
    { at, type: 'acked', connection: 'c1', device, conversation, key: 'k1', seq: 2, duplicate: false },
    { at, type: 'ok', key: 'k1', seq: 2 },
    sent(second),
    shown([first, second], 3),
    sent(edited, bob),
    invoke(2, 'read', { target: 4 }),
    settled,
    log(good),
    list(),
    view(),
    { at, type: 'left', counts: {} },
  ];
  expect(judge(history)).toEqual([]);
});

const cases: readonly [invariant: Invariant, claim: string, history: readonly HistoryLine[]][] = [
  [
    'I1',
    'an acknowledged message is lost',
    [{ at, type: 'acked', connection: 'c1', device, conversation, key: 'k9', seq: 4, duplicate: false }, log(good)],
  ],
  [
    'I1',
    'a device goes past an entry',
    [{ at, type: 'jumped', device, life: 1, conversation, head: 1 }, shown([second], 3), log(good)],
  ],
  [
    'I1',
    'a device lacks a message in the end',
    [settled, log(good), view({ items: [{ seq: 2, text: 'uno', key: 'k1' }] })],
  ],
  ['I1', 'a kept write is forgotten', [invoke(1, 'send', { text: 'x' }), kept(1, 'k9'), settled, log(good), list()]],
  ['I1', 'a device does not list a conversation', [settled, log(good), list([])]],
  ['I2', 'one write is stored twice', [log([created, first, { ...edited, seq: 3, key: 'k1' }])]],
  ['I3', 'a place of the log is empty', [log([created, second])]],
  [
    'I3',
    'the acknowledged place is another',
    [{ at, type: 'acked', connection: 'c1', device, conversation, key: 'k1', seq: 3, duplicate: false }, log(good)],
  ],
  ['I4', 'a connection gets an entry after its successor', [sent(edited), sent(second), log(good)]],
  ['I4', 'a connection gets another entry than the log has', [sent({ ...second, text: 'other' }), log(good)]],
  ['I4', 'an entry between two others is left out', [sent(first, bob), sent(edited, bob), log(good)]],
  ['I5', 'an answer comes before its question', [log([created, { ...first, replyTo: 3 }, second])]],
  [
    'I5',
    'what was sent first is stored last',
    [
      invoke(1, 'send', { text: 'a' }),
      kept(1, 'k4'),
      invoke(2, 'send', { text: 'b' }),
      kept(2, 'k1'),
      log([...good, { ...first, seq: 5, key: 'k4', count: 3 }]),
    ],
  ],
  ['I6', 'a message is in the log twice', [log([created, first, { ...first, seq: 3, count: 2 }])]],
  ['I6', 'an entry is sent twice on a connection', [sent(second), sent(second), log(good)]],
  ['I7', 'a reading is told that is not shared', [...chosen(7, 'read_receipts off'), ...toldOfReading]],
  ['I7', 'a state is told that is hidden', [...chosen(7, 'last_seen nobody'), toldOfPresence]],
  ['I7', 'a receipt is told in a channel', [receipt(device, channel, bob, 2), channelLog]],
  [
    'I9',
    'a reader writes in a channel',
    [
      log([created, { seq: 2, type: 'member_added', sender: alice, count: 0, users: [bob] }, second], {
        conversation: channel,
      }),
    ],
  ],
  ['I4', 'an open channel is not told of', [...followed, channelLog]],
  [
    'I1',
    'a joining that was done is not in the log',
    [
      { at, type: 'invoke', op: 7, device, user: bob, verb: 'join', conversation: channel },
      { at, type: 'answer', op: 7, outcome: 'ok' },
      channelLog,
    ],
  ],
  ['I7', 'a receipt has no cause', [receipt(device, conversation, bob, 4), log(good)]],
  ['I7', 'a read mark is lost', [invoke(1, 'read', { target: 4 }), ...unreadAgain]],
  ['I7', 'a read mark that was written down is lost', [...toldOf(2).slice(0, 1), ...readThenKilled, ...unreadAgain]],
  ['I8', 'unread is not what the log says', [settled, log(good), view({ unread: 7 })]],
  ['I9', 'a stranger is sent an entry', [sent(second, carol), log(good)]],
  ['I9', 'an edit tells a newcomer what was said before', [sent({ ...edited, seq: 5 }, carol), log(joinedBeforeEdit)]],
  [
    'I9',
    'the table has a member whom the log does not have',
    [log(good, { members: [{ user: carol, visibleFrom: 1, delivered: 1, read: 1 }] })],
  ],
  [
    'I10',
    'an old version is shown in the end',
    [
      settled,
      log(good),
      view({
        items: [
          { seq: 2, text: 'one', key: 'k1' },
          { seq: 3, text: 'two', key: 'k2' },
        ],
      }),
    ],
  ],
  ['I10', 'a tombstone comes back', [view({ items: [{ seq: 2, text: null }] }), view(), settled, log(good)]],
  [
    'I4',
    'a live connection is never sent the last entry, whatever the device fetched for itself',
    [
      { at, type: 'synced', connection: 'c1', device, user: alice, positions: [{ conversation, seq: 2 }] },
      shown([second], 3),
      settled,
      log([created, first, second]),
    ],
  ],
  [
    'I4',
    'a conversation that a connection was told of goes on later than where it was told',
    [...toldOf(2), sent(edited), log([created, { ...first, sender: bob }, second, { ...edited, sender: bob }])],
  ],
  [
    'I4',
    'what came after a conversation was told of is never sent',
    [...toldOf(2), settled, log([created, first, second])],
  ],
  [
    'I4',
    'a screen is not in the order of the log',
    [
      view({
        items: [
          { seq: 3, text: 'two', key: 'k2' },
          { seq: 2, text: 'uno', key: 'k1' },
        ],
      }),
    ],
  ],
  [
    'I10',
    'words of a deleted account are left',
    [
      { at, type: 'invoke', op: 1, device, user: alice, verb: 'erase' },
      { at, type: 'answer', op: 1, outcome: 'ok' },
      log(good),
    ],
  ],
  ['I10', 'a device has other settings than the server', [settled, log(good), view({ settings: 'archived' })]],
  [
    'I12',
    'a dead line is noticed too late',
    [
      { at, type: 'dead', connection: 'c1', device },
      { at: 61_001, type: 'closed', connection: 'c1', device },
    ],
  ],
  ['I12', 'something never comes to rest', [{ at, type: 'settled', waitedMs: 60_000, late: ['a device is waiting'] }]],
  ['I13', 'a connection stays behind', [{ at, type: 'left', counts: { 'long-poll sessions': 1 } }]],
  ['I13', 'a real timer was used', [{ at, type: 'escaped', what: 'setTimeout was used' }]],
  [
    'I14',
    'a refused write is in the log',
    [
      invoke(1, 'send', { text: 'one' }),
      kept(1, 'k1'),
      { at, type: 'refused', key: 'k1', code: 'FORBIDDEN' },
      log(good),
    ],
  ],
];

it('a connection that was given everything, and a dead line that is noticed in time, break nothing', () => {
  const history: HistoryLine[] = [
    { at, type: 'synced', connection: 'c1', device, user: alice, positions: [{ conversation, seq: 2 }] },
    sent(second),
    settled,
    log([created, first, second]),
    { at, type: 'dead', connection: 'c1', device },
    { at: 61_000, type: 'closed', connection: 'c1', device },
  ];
  expect(judge(history)).toEqual([]);
});

it('[SYNC-9] an entry that the told state has may come before and after it, and what is sent anew is no repeat', () => {
  const log4 = log(good);
  expect(judge([...toldOf(3), sent(second), sent(edited), settled, log4])).toEqual([]);
  const [synced, joined] = [toldOf(2).slice(0, 1), toldOf(2).slice(1)];
  expect(judge([...synced, sent(edited), ...joined, sent(second), sent(edited), settled, log4])).toEqual([]);
  expect(judge([...synced, sent(second), sent(edited), ...joined, settled, log4])).toEqual([]);
});

it('a device that never had a state to write down begins anew after a kill', () => {
  expect(judge([...readThenKilled, ...unreadAgain]).filter(({ invariant }) => invariant === 'I7')).toEqual([]);
});

it('a kept write that a device finds in the log after a restart has come to an end', () => {
  expect(judge([invoke(1, 'send', { text: 'one' }), kept(1, 'k1'), settled, log(good), list(), view()])).toEqual([]);
});

it('what a device let go and was told of anew is not shown twice', () => {
  const again: HistoryLine[] = [
    { at, type: 'forgot', device, life: 1, conversation },
    { at, type: 'jumped', device, life: 1, conversation, head: 2 },
  ];
  expect(judge([shown([first, second], 3), ...again, shown([second], 3), log(good)])).toEqual([]);
});

it('what is shared again, or never was asked to be hidden, may be told', () => {
  expect(judge(toldOfReading)).toEqual([]);
  expect(judge([...chosen(6, 'read_receipts off'), ...chosen(7, 'read_receipts on'), ...toldOfReading])).toEqual([]);
  const isOnItsWay: HistoryLine = {
    at,
    type: 'invoke',
    op: 7,
    device,
    user: alice,
    verb: 'privacy',
    text: 'last_seen everyone',
  };
  expect(judge([...chosen(6, 'last_seen nobody'), isOnItsWay, toldOfPresence])).toEqual([]);
});

it.each(cases)('[%s] the checker sees that %s', (invariant, _claim, history) => {
  expect(judge(history).map((violation) => violation.invariant)).toContain(invariant);
});

it('an explanation names the line and shows what was around it', () => {
  const history = [sent(edited), sent(second), log(good)];
  const [violation] = judge(history);
  if (violation === undefined) throw new Error('The history was broken on purpose.');
  expect(explain(history, violation)).toMatch(/^I4: .*\n {2}0 .*\n> 1 /);
});
