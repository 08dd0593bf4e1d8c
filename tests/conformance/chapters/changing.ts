import { expect, test } from 'vitest';
import { freshKey, type Person } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

async function room() {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const at = (seq: number, more = '') => `/conversations/${conversation}/messages/${seq}${more}`;
  const edit = (who: Person, seq: number, text: string) =>
    who.refusal('PATCH', at(seq), { client_msg_id: freshKey(), content: { text } });
  const remove = (who: Person, seq: number, scope = 'everyone') =>
    who.refusal('DELETE', at(seq), { client_msg_id: freshKey(), scope });
  const react = (who: Person, seq: number, emoji: string, action = 'added') =>
    who.call('PUT', at(seq, '/reactions'), { client_msg_id: freshKey(), emoji, action });
  const head = async () => (await ada.conversation(conversation)).head_seq;
  const find = async (who: Person, seq: number) =>
    (await who.history(conversation)).messages.find((message) => message.seq === seq);
  return { ada, bob, conversation, edit, remove, react, head, find };
}

test('[EDIT-1] the author edits: a later entry, and history shows the last version and when', async () => {
  const { ada, bob, conversation, edit, head, find } = await room();
  const reader = await bob.live();
  const seq = await bob.say(conversation, 'Frist');
  expect(await edit(bob, seq, 'First')).toBe('done');
  expect(await reader.next('message_edited')).toMatchObject({ seq: seq + 1, target_seq: seq });
  const edited = await find(ada, seq);
  expect(edited).toMatchObject({ content: { text: 'First' }, state_seq: seq + 1 });
  expect(edited?.edited_at).toEqual(expect.any(Number));
  expect(await edit(ada, seq, 'Mine')).toBe('FORBIDDEN');
  expect(await head()).toBe(seq + 1);
});

test('[EDIT-2] a tombstone is neither edited nor reacted to, for ever', async () => {
  const { ada, conversation, edit, remove, react, head, find } = await room();
  const seq = await ada.say(conversation);
  expect(await remove(ada, seq)).toBe('done');
  const before = await head();
  expect(await edit(ada, seq, 'Back')).toBe('MESSAGE_GONE');
  expect((await react(ada, seq, '👍')).body.code).toBe('MESSAGE_GONE');
  expect(await head()).toBe(before);
  expect(await find(ada, seq)).toBeUndefined();
});

test('[DEL-1] author and admins delete for everyone; the content is erased everywhere and a tombstone stays', async () => {
  const { ada, bob, conversation, remove, edit } = await room();
  const reader = await bob.live();
  const [mine, theirs] = [await ada.say(conversation, 'Secret one'), await bob.say(conversation, 'Secret two')];
  await edit(bob, theirs, 'Secret three');
  expect(await remove(bob, mine)).toBe('FORBIDDEN');
  expect(await remove(ada, theirs)).toBe('done');
  expect(await remove(ada, mine)).toBe('done');
  await reader.next('message_deleted', ({ target_seq }) => target_seq === mine);
  const page = await bob.history(conversation);
  expect(page.messages).toEqual([]);
  expect(page.tombstones).toEqual([
    { seq: mine, reason: 'deleted' },
    { seq: theirs, reason: 'deleted' },
  ]);
  for (const path of [`/conversations/${conversation}/entries?after_seq=0`, '/me/export', '/snapshot'])
    expect((await bob.call('GET', path)).text).not.toContain('Secret');
});

test('[DEL-2] deleting for oneself hides on all own devices and changes nothing for others', async () => {
  const { ada, bob, conversation, remove, head } = await room();
  const other = await (await bob.logIn()).live();
  const seq = await ada.say(conversation);
  const before = await head();
  expect(await remove(bob, seq, 'me')).toBe('done');
  expect(await other.next('message_hidden')).toMatchObject({ conversation_id: conversation, seq });
  const page = await bob.history(conversation);
  expect({ messages: page.messages, tombstones: page.tombstones }).toEqual({
    messages: [],
    tombstones: [{ seq, reason: 'hidden' }],
  });
  expect((await ada.history(conversation)).messages).toHaveLength(1);
  expect(await head()).toBe(before);
});

test('[REACT-1] one reaction per person and emoji; what changes nothing writes nothing', async () => {
  const { ada, bob, conversation, react, head, find } = await room();
  const seq = await ada.say(conversation);
  for (const who of [ada, bob]) expect((await react(who, seq, '👍')).status).toBe(200);
  const before = await head();
  for (const answer of [await react(ada, seq, '👍'), await react(ada, seq, '🎉', 'removed')]) {
    expect(answer.status).toBe(200);
    expect(answer.body.seq).toBeUndefined();
  }
  expect(await head()).toBe(before);
  expect((await find(ada, seq))?.reactions).toEqual([{ emoji: '👍', count: 2, me: true }]);
  await react(bob, seq, '👍', 'removed');
  expect((await find(bob, seq))?.reactions).toEqual([{ emoji: '👍', count: 1, me: false }]);
});

test('[REACT-1] a message has at most 50 different emoji', async () => {
  const { ada, conversation, react } = await room();
  const seq = await ada.say(conversation);
  for (let kind = 0; kind < 50; kind += 1) expect((await react(ada, seq, `e${kind}`)).status).toBe(200);
  expect((await react(ada, seq, 'e50')).body.code).toBe('CONFLICT');
});

test('[REACT-2] state_seq names the last entry that is folded in', async () => {
  const { ada, conversation, react, edit, find } = await room();
  const seq = await ada.say(conversation);
  expect((await find(ada, seq))?.state_seq).toBe(seq);
  const { seq: reacted } = (await react(ada, seq, '👍')).body;
  expect((await find(ada, seq))?.state_seq).toBe(reacted);
  await edit(ada, seq, 'Better');
  expect((await find(ada, seq))?.state_seq).toBe(reacted + 1);
});
