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

test('[RCPT-2] others are told of a moved cursor, with the smallest of all; not in channels', async () => {
  const { ada, bob, eve, conversation } = await room();
  const [writer, reader] = [await ada.live(), await bob.live()];
  const seq = await ada.say(conversation);
  reader.send({ type: 'delivery_receipt', conversation_id: conversation, up_to: seq });
  const delivered = await writer.next('delivery_receipt', (frame) => frame.up_to === seq);
  expect(delivered).toMatchObject({ user_id: bob.userId, conversation_id: conversation });
  expect(delivered.all_up_to).toBeLessThan(seq);
  reader.send({ type: 'read_receipt', conversation_id: conversation, up_to: seq });
  await (await eve.live()).ask({ type: 'ping' });
  await eve.done('PUT', `/conversations/${conversation}/receipts`, { read_up_to: seq });
  await writer.next('read_receipt', (frame) => frame.up_to === seq && frame.all_up_to === seq);
  const channel = await ada.channel('public', [bob]);
  const news = await ada.say(channel);
  await writer.ask({ type: 'subscribe', conversation_id: channel, after_seq: news });
  await bob.done('PUT', `/conversations/${channel}/receipts`, { read_up_to: news });
  const next = await ada.say(channel);
  await writer.next('new_message', (frame) => frame.seq === next && frame.conversation_id === channel);
  expect(
    writer.frames.filter(({ type, conversation_id }) => /receipt/.test(type) && conversation_id === channel),
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
  await writer.next('delivery_receipt', (frame) => frame.user_id === bob.userId);
  const { items } = await ada.done('GET', `/conversations/${conversation}/messages/${seq}/receipts`);
  expect(items.find(({ user_id }) => user_id === bob.userId)).toEqual({
    user_id: bob.userId,
    delivered: true,
    read: false,
  });
  const next = await bob.say(conversation);
  await writer.next('new_message', (frame) => frame.seq === next);
  expect(writer.ofType('read_receipt')).toEqual([]);
});

test('[RCPT-4] who does not share read receipts does not see those of others, live or in a view, until that changes', async () => {
  const { ada, bob, eve, conversation, path } = await room();
  const writer = await ada.live();
  await eve.done('PUT', path, { read_up_to: await ada.say(conversation) });
  await writer.next('read_receipt');
  await ada.done('PATCH', '/me/privacy', { read_receipts: false });
  await writer.next('profile_changed');
  const again = await ada.live();
  const seq = await ada.say(conversation);
  const info = `/conversations/${conversation}/messages/${seq}/receipts`;
  for (const reader of [bob, eve]) await reader.done('PUT', path, { read_up_to: seq });
  for (const socket of [writer, again])
    await socket.next('delivery_receipt', (frame) => frame.up_to === seq && frame.all_up_to === seq);
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
    await socket.next('read_receipt', (frame) => frame.up_to === next);
    expect(socket.ofType('read_receipt')).toHaveLength(heard);
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
