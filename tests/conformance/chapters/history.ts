import { expect, test } from 'vitest';
import { freshKey, type Person } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

async function room(messages: number) {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob]);
  for (let sent = 0; sent < messages; sent += 1) await ada.say(conversation, `Message ${sent}`);
  return { ada, bob, eve, conversation };
}

test('[HIST-1] pages name what they cover, and every seq in it is accounted for', async () => {
  const { ada, conversation } = await room(9);
  const removed = await ada.say(conversation);
  const body = { client_msg_id: freshKey(), scope: 'everyone' };
  await ada.done('DELETE', `/conversations/${conversation}/messages/${removed}`, body);
  await ada.done('PATCH', `/conversations/${conversation}`, { name: 'Renamed' });
  const head = (await ada.conversation(conversation)).head_seq;
  const accounted = new Set<number>();
  let expectedTo = head;
  for (let query = '?limit=3'; query !== ''; ) {
    const page = await ada.history(conversation, query);
    expect(page.covered.to_seq).toBe(expectedTo);
    for (const list of [page.messages, page.entries, page.tombstones])
      for (const { seq } of list) accounted.add(seq ?? 0);
    expectedTo = page.covered.from_seq - 1;
    query = page.older_cursor === null ? '' : `?limit=3&cursor=${page.older_cursor}`;
  }
  expect(expectedTo).toBe(0);
  // The deletion itself is an amendment that is folded into its tombstone.
  const folded = removed + 1;
  expect([...accounted, folded].sort((a, b) => a - b)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
});

test('[HIST-2] a cursor stays valid while messages arrive, is opaque, and ends with null', async () => {
  const { ada, bob, conversation } = await room(6);
  const first = await bob.history(conversation, '?limit=2');
  await ada.say(conversation, 'In between');
  const second = await bob.history(conversation, `?limit=2&cursor=${first.older_cursor}`);
  expect(second.covered.to_seq).toBe(first.covered.from_seq - 1);
  const path = `/conversations/${conversation}/messages`;
  expect(await bob.refusal('GET', `${path}?cursor=nonsense`)).toBe('BAD_CURSOR');
  expect(await bob.refusal('GET', `/conversations/${conversation}/members?cursor=${first.older_cursor}`)).toBe(
    'BAD_CURSOR',
  );
  expect((await bob.history(conversation, '?after_seq=0')).newer_cursor).toBeNull();
  expect((await ada.history(conversation, '?after_seq=0')).older_cursor).toBeNull();
});

test('[HIST-3] a limit above the maximum is refused, everywhere', async () => {
  const { ada, conversation } = await room(0);
  const paths = [
    '/conversations?',
    `/conversations/${conversation}/messages?`,
    `/conversations/${conversation}/entries?after_seq=0&`,
    `/conversations/${conversation}/members?`,
    '/users?query=a&',
    '/channels?',
    '/mailbox?',
    '/snapshot?',
  ];
  for (const path of paths) {
    expect(await ada.refusal('GET', `${path}limit=101`), path).toBe('LIMIT_TOO_HIGH');
    expect(await ada.refusal('GET', `${path}limit=100`), path).toBe('done');
  }
});

/** Everything that HTTP answers a person about a conversation, as one text. */
async function everything(who: Person, conversation: string): Promise<string> {
  const paths = ['messages', 'messages?after_seq=0', 'messages?around_seq=3', 'entries?after_seq=0'].map(
    (path) => `/conversations/${conversation}/${path}`,
  );
  const all = ['/conversations', '/snapshot', '/me/export', `/conversations/${conversation}`, ...paths];
  return (await Promise.all(all.map(async (path) => (await who.call('GET', path)).text))).join('\n');
}

test('[HIST-4] a member of a group sees the log from the joining on, by no door anything before', async () => {
  const { ada, eve, conversation } = await room(3);
  await ada.done('POST', `/conversations/${conversation}/members`, { user_ids: [eve.userId] });
  const joined = await eve.conversation(conversation);
  expect(joined).toMatchObject({ last_message: null, unread_count: 0 });
  expect(await everything(eve, conversation)).not.toContain('Message');
  const socket = await eve.live();
  const asked = { type: 'fetch_entries', conversation_id: conversation, after_seq: 0, limit: 100 };
  expect(JSON.stringify(await socket.ask(asked))).not.toContain('Message');
  const react = { client_msg_id: freshKey(), emoji: '👍', action: 'added' };
  expect(await eve.refusal('PUT', `/conversations/${conversation}/messages/3/reactions`, react)).toBe('NOT_FOUND');
  const seq = await ada.say(conversation, 'Welcome');
  expect((await eve.history(conversation)).messages).toMatchObject([{ seq }]);
});

test('[HIST-4] an edit of what was said before the joining keeps its place and says nothing, by every door', async () => {
  const { ada, eve, conversation } = await room(3);
  await ada.done('POST', `/conversations/${conversation}/members`, { user_ids: [eve.userId] });
  const socket = await eve.live();
  const before = await eve.syncFromSnapshot();
  const edit = { client_msg_id: freshKey(), content: { text: 'Message edited' } };
  const { seq } = await ada.done('PATCH', `/conversations/${conversation}/messages/3`, edit);
  const path = `/conversations/${conversation}/entries?after_seq=${seq - 1}`;
  expect((await ada.done('GET', path)).entries).toMatchObject([{ seq, content: { text: 'Message edited' } }]);
  const place = { type: 'message_edited', conversation_id: conversation, seq, target_seq: 3 };
  const again = await eve.connect();
  await again.ask(before);
  const asked = { type: 'fetch_entries', conversation_id: conversation, after_seq: seq - 1, limit: 100 };
  const doors = {
    live: await socket.next('message_edited'),
    replay: await again.next('message_edited'),
    fetched: (await socket.ask(asked)).entries?.[0],
    http: (await eve.done('GET', path)).entries[0],
  };
  for (const [door, told] of Object.entries(doors)) {
    expect(told, door).toMatchObject(place);
    expect(told, door).not.toHaveProperty('content');
  }
  expect(await everything(eve, conversation)).not.toContain('Message edited');
});

test('[HIST-4] who joins a channel sees it from its beginning', async () => {
  const { ada, eve } = await room(0);
  const channel = await ada.channel('public', []);
  const seq = await ada.say(channel, 'Old news');
  await eve.done('POST', `/conversations/${channel}/join`);
  expect((await eve.history(channel)).messages).toMatchObject([{ seq }]);
});

test('[HIST-5] who was removed gets nothing any more, from the removal on', async () => {
  const { ada, bob, conversation } = await room(3);
  const direct = await ada.direct(bob);
  const socket = await bob.live();
  await ada.done('DELETE', `/conversations/${conversation}/members/${bob.userId}`);
  await socket.next('conversation_left', (frame) => frame.conversation_id === conversation);
  const heard = socket.frames.length;
  await ada.say(conversation, 'Behind the back');
  // A later message of another conversation has overtaken nothing.
  await ada.say(direct, 'Still friends');
  await socket.next('new_message', (frame) => frame.conversation_id === direct);
  expect(socket.frames.slice(heard).filter((frame) => frame.conversation_id === conversation)).toEqual([]);
  const asked = { type: 'fetch_entries', conversation_id: conversation, after_seq: 0, limit: 100 };
  expect(await socket.ask(asked)).toMatchObject({ code: 'NOT_FOUND' });
  const all = await everything(bob, conversation);
  expect(all).not.toContain('Message');
  expect(all).not.toContain('Behind the back');
});
