import { expect, test } from 'vitest';
import type { Person } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';
import type { Socket } from '../kit/socket.ts';

const server = await serverUnderTest();

const stateOf = async (asker: Person, of: Person) =>
  (await asker.done('POST', '/presence', { user_ids: [of.userId] })).items[0];
const watch = (socket: Socket, of: Person) => socket.ask({ type: 'presence_watch', user_ids: [of.userId] });

test('[PRES-1] a person is online while a connection is alive, then was last seen', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  await ada.direct(bob);
  const socket = await bob.live();
  expect(await stateOf(ada, bob)).toMatchObject({ status: 'online', last_seen_at: null });
  const watcher = await ada.live();
  await watch(watcher, bob);
  socket.close();
  await watcher.next('presence_update', ({ status }) => status === 'offline');
  const state = await stateOf(ada, bob);
  expect(state?.status).toBe('offline');
  expect(state?.last_seen_at).toEqual(expect.any(Number));
});

test('[PRES-2] coming online is told at once, and only to those who watch', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob, eve]);
  const [watcher, other] = [await ada.live(), await eve.live()];
  await watch(watcher, bob);
  await bob.live();
  expect(await watcher.next('presence_update', ({ status }) => status === 'online')).toMatchObject({
    user_id: bob.userId,
  });
  const seq = await bob.say(conversation);
  await other.next('new_message', (frame) => frame.seq === seq);
  expect(other.ofType('presence_update')).toEqual([]);
});

test('[PRES-3] privacy decides who sees state and time; strangers see nobody', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  await ada.group([bob]);
  await bob.live();
  const hidden = { user_id: bob.userId, status: 'offline', last_seen_at: null };
  expect(await stateOf(eve, bob)).toEqual(hidden);
  expect(await stateOf(ada, bob)).toMatchObject({ status: 'online' });
  await bob.done('PATCH', '/me/privacy', { last_seen: 'contacts' });
  expect(await stateOf(ada, bob)).toEqual(hidden);
  const direct = await ada.direct(bob);
  await ada.say(direct, 'Are you there?');
  expect(await stateOf(ada, bob)).toEqual(hidden);
  await bob.say(direct, 'I am');
  expect(await stateOf(ada, bob)).toMatchObject({ status: 'online' });
  await bob.done('PATCH', '/me/privacy', { last_seen: 'nobody' });
  expect(await stateOf(ada, bob)).toEqual(hidden);
});

test('[TYPE-1] [TYPE-2] typing is passed on to the others, at most once in 3 s, and is in no log', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob]);
  const [typist, reader] = [await ada.live(), await bob.live()];
  const head = (await ada.conversation(conversation)).head_seq;
  const start = { type: 'typing_start', conversation_id: conversation };
  for (let repeat = 0; repeat < 3; repeat += 1) typist.send(start);
  // A stranger's typing is passed on to nobody.
  const stranger = await eve.live();
  stranger.send(start);
  await stranger.ask({ type: 'fetch_entries', conversation_id: conversation, after_seq: 0, limit: 1 });
  const ack = await typist.ask({
    type: 'send_message',
    conversation_id: conversation,
    client_msg_id: crypto.randomUUID(),
    content: { text: 'Done' },
  });
  await reader.next('new_message');
  expect(reader.ofType('typing_start')).toMatchObject([{ conversation_id: conversation, user_id: ada.userId }]);
  expect(typist.ofType('typing_start')).toEqual([]);
  expect(ack.seq).toBe(head + 1);
});

test('[TYPE-1] typing is not passed on in channels nor in groups of more than 20', async () => {
  const names = Array.from({ length: 21 }, (_, index) => `Person ${index}`);
  const [ada, ...others] = (await server.people(...names)) as unknown as [Person, Person, ...Person[]];
  const reader = await others[0].live();
  const group = await ada.group(others);
  const channel = await ada.channel('public', [others[0]]);
  const typist = await ada.live();
  await reader.next('conversation_joined', ({ conversation }) => JSON.stringify(conversation).includes(channel));
  await reader.ask({ type: 'subscribe', conversation_id: channel, after_seq: 0 });
  for (const conversation_id of [group, channel]) {
    typist.send({ type: 'typing_start', conversation_id });
    const { seq } = await typist.ask({
      type: 'send_message',
      conversation_id,
      client_msg_id: crypto.randomUUID(),
      content: { text: 'Done' },
    });
    await reader.next('new_message', (frame) => frame.seq === seq && frame.conversation_id === conversation_id);
  }
  expect(reader.ofType('typing_start')).toEqual([]);
});
