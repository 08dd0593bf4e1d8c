import { describe, expect, test } from 'vitest';
import { openRest } from './open-rest.ts';

async function openGroup() {
  const rest = await openRest();
  const { token } = await rest.join('ada');
  const { body: group } = await rest.call(
    'createConversation',
    { body: { kind: 'group', name: 'Trip', member_ids: [] } },
    { token },
  );
  const key = rest.random.uuid();
  const params = { conversation_id: group.conversation_id };
  const send = (text: string) =>
    rest.call(
      'sendMessage',
      { params, body: { client_msg_id: key, content: { text } } },
      { token, headers: { 'idempotency-key': key } },
    );
  const messages = async () => (await rest.call('listMessages', { params }, { token })).body.messages;
  return { ...rest, token, send, messages };
}

describe('[HTTP-2] a key that is used again', () => {
  test('[SEND-2] with the same content gives the first answer', async () => {
    const { send, messages } = await openGroup();
    const { body: first } = await send('hello');
    expect(first.duplicate).toBe(false);
    expect((await send('hello')).body).toEqual({ ...first, duplicate: true });
    expect(await messages()).toHaveLength(1);
  });

  test('[SEND-3] with other content is KEY_REUSED and stores nothing', async () => {
    const { send, messages } = await openGroup();
    await send('hello');
    expect(await send('good-bye')).toMatchObject({ status: 409, body: { code: 'KEY_REUSED' } });
    expect(await messages()).toHaveLength(1);
  });

  test('[SEND-2] by many requests at once stores one message', async () => {
    const { send, messages } = await openGroup();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('hello')));
    expect(new Set(answers.map(({ body }) => body.seq)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect(await messages()).toHaveLength(1);
  });

  test('creates one group, and is KEY_REUSED for another', async () => {
    const { call, token, random } = await openGroup();
    const headers = { 'idempotency-key': random.uuid() };
    const create = (name: string) =>
      call('createConversation', { body: { kind: 'group', name, member_ids: [] } }, { token, headers });
    const { body: first } = await create('Lunch');
    expect((await create('Lunch')).body.conversation_id).toBe(first.conversation_id);
    expect(await create('Dinner')).toMatchObject({ status: 409, body: { code: 'KEY_REUSED' } });
  });
});
