import { expect, test } from 'vitest';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

async function room() {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob, eve]);
  const path = `/conversations/${conversation}/receipts`;
  return { ada, bob, eve, conversation, path };
}

test('[RCPT-1] cursors never go back, never pass the head, and reading is receiving', async () => {
  const { ada, bob, conversation, path } = await room();
  await ada.say(conversation);
  const head = await ada.say(conversation);
  const move = (cursors: object) => bob.done('PUT', path, cursors);
  expect(await move({ read_up_to: head })).toMatchObject({ delivered_up_to: head, read_up_to: head, unread_count: 0 });
  expect(await move({ read_up_to: 1, delivered_up_to: 1 })).toMatchObject({ delivered_up_to: head, read_up_to: head });
  expect(await move({ read_up_to: head + 1_000 })).toMatchObject({ delivered_up_to: head, read_up_to: head });
});

const cursorsIn = (frame: Record<string, unknown>): readonly Cursors[] => frame.cursors as readonly Cursors[];
interface Cursors {
  readonly user_id: string;
  readonly delivered_up_to: number;
  readonly read_up_to: number;
}

/** The farthest reading that the frame tells of. */
const readOf = (frame: Record<string, unknown>): number => Math.max(...cursorsIn(frame).map((one) => one.read_up_to));

test('[RCPT-2] others are told of moved cursors in one frame, with the smallest of all; not in channels', async () => {
  const { ada, bob, eve, conversation } = await room();
  const [writer, reader, third] = [await ada.live(), await bob.live(), await eve.live()];
  const before = (await ada.conversation(conversation)).head_seq;
  const seq = await ada.say(conversation);
  reader.send({ type: 'delivery_receipt', conversation_id: conversation, up_to: seq });
  expect(await writer.next('receipts')).toMatchObject({
    conversation_id: conversation,
    cursors: [{ user_id: bob.userId, delivered_up_to: seq, read_up_to: before }],
    all: { delivered_up_to: before, read_up_to: before },
  });
  reader.send({ type: 'read_receipt', conversation_id: conversation, up_to: seq });
  third.send({ type: 'read_receipt', conversation_id: conversation, up_to: seq });
  // Each of the two also learns of the other, in the same frame as the writer unless the two were far apart.
  for (const socket of [writer, reader, third])
    await socket.next('receipts', ({ all }) => JSON.stringify(all).includes(`"read_up_to":${seq}`));
  const told = [writer, reader, third].map((socket) =>
    socket.ofType('receipts').flatMap((frame) => cursorsIn(frame).map(({ user_id }) => user_id)),
  );
  expect(told[0]).toContain(bob.userId);
  expect(told[0]).toContain(eve.userId);
  const channel = await ada.channel('public', [bob]);
  const news = await ada.say(channel);
  await writer.ask({ type: 'subscribe', conversation_id: channel, after_seq: news });
  await bob.done('PUT', `/conversations/${channel}/receipts`, { read_up_to: news });
  const next = await ada.say(channel);
  await writer.next('new_message', (frame) => frame.seq === next && frame.conversation_id === channel);
  expect(
    writer.frames.filter(({ type, conversation_id }) => type === 'receipts' && conversation_id === channel),
  ).toEqual([]);
});

test('[RCPT-3] unread is the count of messages less the count read, and reading on one device is reading on all', async () => {
  const { ada, bob, conversation, path } = await room();
  const other = await (await bob.logIn()).live();
  const first = await ada.say(conversation);
  await ada.say(conversation);
  await ada.say(conversation);
  expect((await bob.conversation(conversation)).unread_count).toBe(3);
  expect(await bob.done('PUT', path, { read_up_to: first })).toMatchObject({ unread_count: 2 });
  const moved = await other.next('cursor_moved', (frame) => frame.read_up_to === first);
  const { message_count } = await bob.conversation(conversation);
  expect(message_count - Number(moved.read_count)).toBe(2);
});

test('[RCPT-4] who does not share read receipts moves the own count only; others see delivered', async () => {
  const { ada, bob, conversation, path } = await room();
  const writer = await ada.live();
  await bob.done('PATCH', '/me/privacy', { read_receipts: false });
  const seq = await ada.say(conversation);
  expect(await bob.done('PUT', path, { read_up_to: seq })).toMatchObject({ unread_count: 0 });
  const cursors = [{ user_id: bob.userId, delivered_up_to: seq, read_up_to: seq - 1 }];
  expect(await writer.next('receipts')).toMatchObject({ cursors });
  const { items } = await ada.done('GET', `/conversations/${conversation}/messages/${seq}/receipts`);
  expect(items.find(({ user_id }) => user_id === bob.userId)).toEqual({
    user_id: bob.userId,
    delivered: true,
    read: false,
  });
  await bob.done('PUT', path, { read_up_to: seq });
  const next = await bob.say(conversation);
  await writer.next('new_message', (frame) => frame.seq === next);
  expect(writer.ofType('receipts')).toHaveLength(1);
});

test('[RCPT-4] who does not share read receipts does not see those of others, live or in a view, until that changes', async () => {
  const { ada, bob, eve, conversation, path } = await room();
  const writer = await ada.live();
  await eve.done('PUT', path, { read_up_to: await ada.say(conversation) });
  await writer.next('receipts', (frame) => readOf(frame) > 0);
  await ada.done('PATCH', '/me/privacy', { read_receipts: false });
  await writer.next('profile_changed');
  const again = await ada.live();
  const seq = await ada.say(conversation);
  const info = `/conversations/${conversation}/messages/${seq}/receipts`;
  for (const reader of [bob, eve]) await reader.done('PUT', path, { read_up_to: seq });
  for (const socket of [writer, again])
    await socket.next(
      'receipts',
      (frame) => JSON.stringify(frame.all) === JSON.stringify({ delivered_up_to: seq, read_up_to: 0 }),
    );
  expect(await ada.conversation(conversation)).toMatchObject({ receipts: { delivered_up_to: seq, read_up_to: 0 } });
  expect(await ada.done('GET', info)).toMatchObject({ delivered: 2, read: 0 });
  await ada.done('PATCH', '/me/privacy', { read_receipts: true });
  expect(await ada.conversation(conversation)).toMatchObject({ receipts: { read_up_to: seq } });
  await writer.next('profile_changed');
  await again.next('profile_changed');
  const next = await ada.say(conversation);
  await bob.done('PUT', path, { read_up_to: next });
  // What was kept back would have come before this one.
  for (const [socket, heard] of [
    [writer, 2],
    [again, 1],
  ] as const) {
    await socket.next('receipts', (frame) => readOf(frame) === next);
    expect(socket.ofType('receipts').filter((frame) => readOf(frame) > 0)).toHaveLength(heard);
  }
});

test('[RCPT-5] the sender of a message sees who has it and who has read it; in a channel only how many', async () => {
  const { ada, bob, eve, conversation, path } = await room();
  const seq = await ada.say(conversation);
  await bob.done('PUT', path, { delivered_up_to: seq });
  await eve.done('PUT', path, { read_up_to: seq });
  const of = (id: string, at: number) => `/conversations/${id}/messages/${at}/receipts`;
  const receipts = await ada.done('GET', of(conversation, seq));
  expect(receipts).toMatchObject({ recipients: 2, delivered: 2, read: 1 });
  expect(receipts.items).toHaveLength(2);
  expect(await bob.refusal('GET', of(conversation, seq))).toBe('NOT_FOUND');
  const channel = await ada.channel('public', [bob]);
  const news = await ada.say(channel);
  expect(await ada.done('GET', of(channel, news))).toMatchObject({ recipients: 1, items: [] });
});
