import { expect, test } from 'vitest';
import { textCommand } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';
import type { Socket } from '../kit/socket.ts';

const server = await serverUnderTest();

/** Entries of a conversation that a connection was sent, as their numbers. */
const seqsOf = (socket: Socket, conversation: string): number[] =>
  socket.frames
    .filter(
      (frame) => frame.conversation_id === conversation && typeof frame.count === 'number' && frame.re === undefined,
    )
    .map(({ seq }) => seq ?? 0);

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function sendMany(socket: Socket, conversation: string, count: number): Promise<number> {
  const ids = range(1, count).map((number) => socket.tell(textCommand(conversation, `Number ${number}`)));
  let seq = 0;
  for (const id of ids) seq = (await socket.reply(id)).seq ?? 0;
  return seq;
}

test('[SYNC-1] a log is numbered from 1 without gaps, the same for all, and counts its messages', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  await ada.say(conversation);
  await bob.say(conversation);
  const path = `/conversations/${conversation}/entries?after_seq=0`;
  const { entries } = await ada.done('GET', path);
  expect(entries.map(({ seq }) => seq)).toEqual(range(1, entries.length));
  expect(entries.map(({ count }) => count).slice(-2)).toEqual([1, 2]);
  const own = (await bob.done('GET', path)).entries;
  expect(own).toEqual(entries.slice(-own.length));
});

test("[SYNC-2] a user's log is numbered without gaps and is the same for all devices", async () => {
  const ada = await server.person('Ada');
  const other = await ada.logIn();
  const sockets = [await ada.live(), await other.live()];
  for (const name of ['One', 'Two', 'Three']) await ada.done('PATCH', '/me', { name });
  const seen: unknown[] = [];
  for (const socket of sockets) {
    await socket.next('profile_changed', ({ me }) => (me as { name: string }).name === 'Three');
    seen.push(socket.ofType('profile_changed').at(-1)?.user_seq);
  }
  expect(seen[0]).toBe(seen[1]);
});

test('[SYNC-3] live entries come in order, each once, except the own writes, whose acknowledgement stands for them', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const [one, other, third] = [await ada.live(), await bob.live(), await (await bob.logIn()).live()];
  const from = (await ada.conversation(conversation)).head_seq;
  await Promise.all([sendMany(one, conversation, 20), sendMany(other, conversation, 20)]);
  for (const socket of [one, other, third]) {
    const acknowledged = socket.ofType('msg_ack').map(({ seq }) => seq ?? 0);
    const last = from + 40;
    if (!acknowledged.includes(last)) await socket.next('new_message', ({ seq }) => seq === last);
    const told = seqsOf(socket, conversation);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([...told, ...acknowledged].sort((a, b) => a - b)).toEqual(range(from + 1, last));
  }
});

test('[SYNC-4] sync replays what is missing, in order, then says that it is complete', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const before = await bob.syncFromSnapshot();
  const from = (await bob.conversation(conversation)).head_seq;
  for (const text of ['One', 'Two', 'Three']) await ada.say(conversation, text);
  const socket = await bob.connect();
  expect(await socket.ask(before)).toMatchObject({ type: 'resumed', complete: true });
  const marked = socket.frames.findIndex(({ type }) => type === 'resumed');
  expect(seqsOf(socket, conversation)).toEqual(range(from + 1, from + 3));
  expect(socket.frames.slice(0, marked).filter(({ type }) => type === 'new_message')).toHaveLength(3);
});

test('[SYNC-5] what happens during the replay follows it, and nothing falls between', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const from = (await ada.conversation(conversation)).head_seq;
  const before = await bob.syncFromSnapshot();
  const writer = await ada.live();
  const reader = await bob.connect();
  const sending = sendMany(writer, conversation, 150);
  await writer.next('msg_ack');
  await reader.ask(before);
  const last = await sending;
  await reader.next('new_message', ({ seq }) => seq === last);
  expect(seqsOf(reader, conversation)).toEqual(range(from + 1, last));
});

test('[SYNC-6] a conversation more than 500 entries behind is reported as a gap and is live after its head', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const before = await bob.syncFromSnapshot();
  const from = (await bob.conversation(conversation)).head_seq;
  const writer = await ada.live();
  const head = await sendMany(writer, conversation, 501);
  const reader = await bob.connect();
  expect(await reader.ask(before)).toMatchObject({ type: 'resumed' });
  expect(await reader.next('conversation_gap')).toMatchObject({
    after_seq: from,
    conversation: { conversation_id: conversation, head_seq: head },
  });
  expect(seqsOf(reader, conversation)).toEqual([]);
  await sendMany(writer, conversation, 1);
  expect((await reader.next('new_message')).seq).toBe(head + 1);
});

test('[SYNC-7] a position of another log, ahead of it or too far behind asks for a new snapshot', async () => {
  const ada = await server.person('Ada');
  const { epoch, user_seq } = await ada.done('GET', '/snapshot');
  const reason = async (sync: object) =>
    (await (await ada.connect()).ask({ type: 'sync', epoch, user_seq, positions: [], ...sync })).reason;
  expect(await reason({ epoch: 'another' })).toBe('epoch_changed');
  expect(await reason({ user_seq: user_seq + 1 })).toBe('position_ahead');
  const conversation = await ada.group([]);
  const positions = [{ conversation_id: conversation, seq: 99 }];
  expect(await reason({ positions })).toBe('position_ahead');
  for (let round = 0; round < 51; round += 1) {
    const changes = range(1, 20).map((number) => ada.done('PATCH', '/me', { name: `Name ${round}.${number}` }));
    await Promise.all(changes);
  }
  expect(await reason({})).toBe('too_far_behind');
});

test('[SYNC-8] replaying from a snapshot repeats but never misses', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const snapshot = await ada.syncFromSnapshot();
  const conversation = await bob.group([ada]);
  const socket = await ada.connect();
  await socket.ask(snapshot);
  const joined = socket.ofType('conversation_joined');
  expect(joined).toMatchObject([{ conversation: { conversation_id: conversation } }]);
});

test('[SYNC-9] several sync with more are one, and a conversation without a position is live from its head', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const [first, second, unnamed] = [await ada.group([bob]), await ada.group([bob]), await ada.group([bob])];
  const { epoch, user_seq } = await bob.done('GET', '/snapshot');
  const place = async (id: string) => ({ conversation_id: id, seq: (await bob.conversation(id)).head_seq });
  const [one, two] = [await place(first), await place(second)];
  for (const conversation of [first, second, unnamed]) await ada.say(conversation, 'While away');
  const socket = await bob.connect();
  const part = { type: 'sync', epoch, user_seq };
  expect(await socket.ask({ ...part, positions: [one], more: true })).toMatchObject({ type: 'done' });
  expect(await socket.ask({ ...part, positions: [two] })).toMatchObject({ type: 'resumed' });
  expect(
    socket
      .ofType('new_message')
      .map(({ conversation_id }) => conversation_id)
      .sort(),
  ).toEqual([first, second].sort());
  await ada.say(unnamed, 'Live');
  expect(await socket.next('new_message', (frame) => frame.conversation_id === unnamed)).toMatchObject({
    content: { text: 'Live' },
  });
});

test('[SYNC-10] fetch_entries and GET entries name the range that they cover', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const seqs: number[] = [];
  for (let sent = 0; sent < 6; sent += 1) seqs.push(await ada.say(conversation));
  const asked = { type: 'fetch_entries', conversation_id: conversation, after_seq: (seqs[0] ?? 0) - 1, limit: 3 };
  const socket = await ada.live();
  const frame = await socket.ask(asked);
  expect(frame).toMatchObject({ type: 'entries', covered_up_to: seqs[2], head_seq: seqs[5] });
  const path = `/conversations/${conversation}/entries?after_seq=${asked.after_seq}&limit=3`;
  const body = await ada.done('GET', path);
  expect({ covered: body.covered_up_to, entries: body.entries }).toEqual({
    covered: frame.covered_up_to,
    entries: frame.entries,
  });
  await ada.done('DELETE', `/conversations/${conversation}/messages/${seqs[1]}`, {
    client_msg_id: crypto.randomUUID(),
    scope: 'everyone',
  });
  const { entries, covered_up_to } = await bob.done('GET', path);
  // How far three entries reach is the server's choice; what it says to have covered is all there but for the deleted one.
  expect(covered_up_to).toBeGreaterThanOrEqual(seqs[2] ?? 0);
  const present = seqs.filter((seq) => seq !== seqs[1] && seq <= covered_up_to);
  expect(entries.map(({ seq }) => seq)).toEqual(present);
});

test('[SYNC-11] a channel is live between subscribe and unsubscribe, beginning after the given place', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const channel = await ada.channel('public', [bob]);
  const other = await ada.channel('public', [bob]);
  const missed = await ada.say(channel, 'Missed');
  const socket = await bob.live();
  const subscribe = { type: 'subscribe', conversation_id: channel, after_seq: missed - 1 };
  expect(await socket.ask(subscribe)).toMatchObject({ type: 'done' });
  await socket.next('new_message', ({ seq }) => seq === missed);
  const live = await ada.say(channel, 'Live');
  await socket.next('new_message', ({ seq }) => seq === live);
  expect(await socket.ask({ type: 'unsubscribe', conversation_id: channel })).toMatchObject({ type: 'done' });
  await ada.say(channel, 'Unheard');
  const heard = await ada.say(other, 'Heard');
  // What follows on another channel shows that nothing of the first is on its way.
  await socket.ask({ type: 'subscribe', conversation_id: other, after_seq: heard - 1 });
  await socket.next('new_message', (frame) => frame.conversation_id === other);
  expect(seqsOf(socket, channel)).toEqual([missed, live]);
});
