import { expect, test } from 'vitest';
import { freshKey, type Person, textCommand } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

async function room() {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob]);
  const messages = `/conversations/${conversation}/messages`;
  const head = async () => (await ada.conversation(conversation)).head_seq;
  const send = (who: Person, content: object, client_msg_id = freshKey()) =>
    who.call('POST', messages, { client_msg_id, content });
  return { ada, bob, eve, conversation, messages, head, send };
}

test('[SEND-1] an acknowledged message has its place and is in the history', async () => {
  const { ada, bob, conversation } = await room();
  const socket = await ada.live();
  const ack = await socket.ask(textCommand(conversation, 'Here'));
  expect(ack).toMatchObject({ type: 'msg_ack', conversation_id: conversation, duplicate: false });
  expect((await bob.history(conversation)).messages).toMatchObject([{ seq: ack.seq, message_id: ack.message_id }]);
});

test('[SEND-2] a repeated client_msg_id gets the first answer, on either door, and stores nothing', async () => {
  const { ada, conversation, send, head } = await room();
  const key = freshKey();
  const first = await send(ada, { text: 'Once' }, key);
  const before = await head();
  for (let repeat = 0; repeat < 3; repeat += 1)
    expect((await send(ada, { text: 'Once' }, key)).body).toEqual({ ...first.body, duplicate: true });
  const socket = await ada.live();
  const { re: _, type: __, ...again } = await socket.ask(textCommand(conversation, 'Once', key));
  expect(again).toEqual({ ...first.body, duplicate: true });
  expect(await head()).toBe(before);
});

test('[SEND-2] [SEND-4] the same key sent at once many times is one message', async () => {
  const { ada, send, head } = await room();
  const before = await head();
  const key = freshKey();
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(ada, { text: 'Once' }, key)));
  expect(new Set(answers.map(({ body }) => body.seq)).size).toBe(1);
  expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
  expect(await head()).toBe(before + 1);
});

test('[SEND-2] a key is the device’s and the conversation’s own', async () => {
  const { ada, bob, send } = await room();
  const key = freshKey();
  const first = await send(ada, { text: 'One' }, key);
  expect((await send(bob, { text: 'Other' }, key)).body.seq).toBe(first.body.seq + 1);
  expect((await send(await ada.logIn(), { text: 'Third' }, key)).body.seq).toBe(first.body.seq + 2);
});

test('[SEND-3] a repeated client_msg_id with other content is refused and stores nothing', async () => {
  const { ada, send, head } = await room();
  const key = freshKey();
  await send(ada, { text: 'One' }, key);
  const before = await head();
  for (const content of [{ text: 'Other' }, { sealed: 'T25l' }])
    expect((await send(ada, content, key)).body.code).toBe('KEY_REUSED');
  expect(await head()).toBe(before);
});

test('[SEND-4] a refused message was not stored: the same key stores it once the reason is gone', async () => {
  const { ada, eve, conversation, send } = await room();
  const key = freshKey();
  expect((await send(eve, { text: 'Hi' }, key)).body.code).toBe('NOT_FOUND');
  await ada.done('POST', `/conversations/${conversation}/members`, { user_ids: [eve.userId] });
  expect((await send(eve, { text: 'Hi' }, key)).body.duplicate).toBe(false);
});

test('[SEND-5] only members send, and in channels only owner and admins', async () => {
  const { ada, bob, eve, conversation, send } = await room();
  expect((await send(eve, { text: 'Hi' })).body.code).toBe('NOT_FOUND');
  const channel = await ada.channel('public', [bob]);
  const path = `/conversations/${channel}/messages`;
  expect(await bob.refusal('POST', path, { client_msg_id: freshKey(), content: { text: 'Hi' } })).toBe('FORBIDDEN');
  await ada.say(channel);
  await ada.done('DELETE', `/conversations/${conversation}/members/${bob.userId}`);
  expect((await send(bob, { text: 'Hi' })).body.code).toBe('NOT_FOUND');
});

test('[SEND-6] no such conversation and not yours are one answer', async () => {
  const { eve, conversation } = await room();
  const body = { client_msg_id: freshKey(), content: { text: 'Hi' } };
  const absent = `grp_0${conversation.slice(5)}`.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const answers = await Promise.all(
    [conversation, absent].map((id) => eve.call('POST', `/conversations/${id}/messages`, body)),
  );
  const [forbidden, missing] = answers.map(({ body: { request_id: _, ...rest } }) => rest);
  expect(forbidden).toEqual(missing);
});

test('[SEND-7] a text is 1 to 16,000 units of well-formed Unicode, and is never changed', async () => {
  const { ada, bob, conversation, send, head } = await room();
  const before = await head();
  const lone = '{"client_msg_id":"%","content":{"text":"\\ud800"}}'.replace('%', freshKey());
  for (const text of ['', ' \n\t ', 'x'.repeat(16_001), 'bell \u0007', 'nul \u0000'])
    expect((await send(ada, { text })).body.code).toBe('INVALID_REQUEST');
  const path = `/conversations/${conversation}/messages`;
  expect((await ada.call('POST', path, undefined, { raw: lone })).body.code).toBe('INVALID_REQUEST');
  expect(await head()).toBe(before);
  const texts = ['x'.repeat(16_000), '  Ünï\u0301\u200d👩‍👩‍👧\r\n\t<b>&amp;  ', 'e\u0301 is not \u00e9'];
  for (const text of texts) await send(ada, { text });
  const stored = (await bob.history(conversation)).messages.map(({ content }) => (content as { text: string }).text);
  expect(stored).toEqual(texts);
});

test('[SEND-8] a reply names an earlier message that the sender may see', async () => {
  const { ada, eve, conversation, send } = await room();
  const seq = await ada.say(conversation);
  expect((await send(ada, { text: 'Yes', reply_to: seq })).status).toBe(201);
  for (const reply_to of [1, seq + 50, 0]) expect((await send(ada, { text: 'Yes', reply_to })).status).toBe(404);
  await ada.done('POST', `/conversations/${conversation}/members`, { user_ids: [eve.userId] });
  expect((await send(eve, { text: 'Yes', reply_to: seq })).body.code).toBe('NOT_FOUND');
});

test('[SEND-9] a forward copies what one can read and names its origin; a sealed one is refused', async () => {
  const { ada, bob, eve, conversation, send } = await room();
  const seq = await ada.say(conversation, 'News');
  const to = await bob.direct(eve);
  const forward = (who: Person, source: object) =>
    who.call('POST', `/conversations/${to}/forward`, { client_msg_id: freshKey(), source });
  await forward(bob, { conversation_id: conversation, seq });
  const forwarded_from = { conversation_id: conversation, seq, sender_id: ada.userId };
  expect((await eve.history(to)).messages).toMatchObject([{ content: { text: 'News', forwarded_from } }]);
  expect((await forward(eve, { conversation_id: conversation, seq })).body.code).toBe('NOT_FOUND');
  const sealed = (await send(ada, { sealed: 'c2VhbGVk' })).body.seq;
  expect((await forward(bob, { conversation_id: conversation, seq: sealed })).status).toBe(400);
});

test('[SEND-11] sending reads: the own cursors are at the message, and no receipt follows', async () => {
  const { ada, bob, conversation } = await room();
  const reader = await ada.live();
  const earlier = await ada.say(conversation);
  const seq = await bob.say(conversation);
  expect((await bob.conversation(conversation)).my).toMatchObject({ delivered_up_to: seq, read_up_to: seq });
  // A receipt would have been told before the next entry.
  const next = await bob.say(conversation);
  await reader.next('new_message', (frame) => frame.seq === next);
  expect(reader.ofType('receipts')).toEqual([]);
  expect((await ada.done('GET', `/conversations/${conversation}/messages/${earlier}/receipts`)).items).toEqual([
    { user_id: bob.userId, delivered: true, read: true },
  ]);
});
