import { expect, test } from 'vitest';
import { call, freshKey } from '../kit/person.ts';
import { WRITTEN_ERRORS } from '../kit/protocol-page.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

test('[ERR-1] a refusal is a problem with a code of the table, on the socket too', async () => {
  const ada = await server.person('Ada');
  const conversation_id = 'grp_0000000000001';
  const { status, headers, body } = await ada.call('GET', `/conversations/${conversation_id}`);
  expect(status).toBe(404);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({ code: 'NOT_FOUND', status: 404, title: WRITTEN_ERRORS.get('NOT_FOUND')?.[2] });
  const socket = await ada.live();
  const frame = await socket.ask({ type: 'fetch_entries', conversation_id, after_seq: 0, limit: 1 });
  expect(frame).toMatchObject({ type: 'error', code: 'NOT_FOUND', detail: body.detail });
});

test('[ERR-2] a refusal is a sentence that echoes nothing secret', async () => {
  const secret = 'hunter2hunter2';
  const login = { identifier: 'nobody', password: secret, device_name: 'x' };
  const answers = [
    await call(server, 'POST', '/auth/login', login),
    await call(server, 'POST', '/auth/refresh', { refresh_token: secret }),
    await call(server, 'GET', '/me', undefined, { token: secret }),
    await call(server, 'POST', '/auth/register', { password: secret }),
  ];
  for (const { text, body } of answers) {
    expect(text).not.toContain(secret);
    expect(body.detail).toMatch(/^[A-Z].*\.$/);
  }
});

test('[ERR-3] a refusal that asks for a log-in names the scheme, and one to be repeated says when', async () => {
  const anonymous = await call(server, 'GET', '/me');
  expect(WRITTEN_ERRORS.get(anonymous.body.code)?.[1]).toBe('authenticate');
  expect(anonymous.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

test('[ERR-5] a refused request leaves nothing behind', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob]);
  const before = [await ada.conversation(conversation), await ada.done('GET', '/me')];
  const path = `/conversations/${conversation}`;
  const nobody = 'usr_0000000000001';
  expect(await ada.refusal('POST', `${path}/members`, { user_ids: [eve.userId, nobody] })).toBe('NOT_FOUND');
  expect(await ada.refusal('PATCH', path, { name: 'New', avatar_url: 'javascript:alert(1)' })).toBe('INVALID_REQUEST');
  expect(await ada.refusal('PATCH', '/me', { name: 'New', username: bob.username })).toBe('IDENTIFIER_TAKEN');
  expect(await ada.refusal('PATCH', '/me', { name: 'New', username: 'No spaces' })).toBe('INVALID_REQUEST');
  expect([await ada.conversation(conversation), await ada.done('GET', '/me')]).toEqual(before);
});

test('[HTTP-1] JSON in UTF-8 with a bearer token, and answers that no cache keeps', async () => {
  const ada = await server.person('Ada');
  const { headers } = await ada.call('GET', '/me');
  expect(headers.get('cache-control')).toBe('private, no-store');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const patch = (raw: string | Uint8Array<ArrayBuffer>, type: string) =>
    ada.call('PATCH', '/me', undefined, { raw, headers: { 'content-type': type } });
  expect((await patch('name=Ada', 'application/x-www-form-urlencoded')).body.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  expect((await patch('{"name":"Ada"}', 'application/json; charset=latin1')).body.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  expect((await patch(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).body.code).toBe('BAD_FRAME');
  expect((await patch(`{"name":"${'x'.repeat(70_000)}"}`, 'application/json')).body.code).toBe('TOO_LARGE');
});

test('[HTTP-2] the header Idempotency-Key makes a group once, and equals client_msg_id where there is one', async () => {
  const ada = await server.person('Ada');
  const key = freshKey();
  const group = { kind: 'group', name: 'Once', member_ids: [] };
  const headers = { 'idempotency-key': key };
  const make = (body: object) => ada.call('POST', '/conversations', body, { headers });
  const [first, second] = [await make(group), await make(group)];
  expect(second.body.conversation_id).toBe(first.body.conversation_id);
  expect((await make({ ...group, name: 'Other' })).body.code).toBe('KEY_REUSED');
  const path = `/conversations/${first.body.conversation_id}/messages`;
  const message = { client_msg_id: key, content: { text: 'Hi' } };
  expect((await ada.call('POST', path, { ...message, client_msg_id: freshKey() }, { headers })).status).toBe(400);
  expect((await ada.call('POST', path, message, { headers })).status).toBe(201);
});

test('[HTTP-3] everything published can be read, and every answer of these tests was compared with it', async () => {
  for (const path of ['/openapi.json', '/asyncapi.json', '/parley.proto', '/docs'])
    expect((await fetch(server.url + path)).status, path).toBe(200);
  const disagreeing = { method: 'GET', path: '/api/v1/me', status: 200, mediaType: 'application/json', text: '{}' };
  expect(server.api.disagreements(disagreeing)).not.toEqual([]);
  await call(server, 'GET', '/server');
});
