import { describe, expect, test } from 'vitest';
import { call, freshName, PASSWORD, textCommand, type Wire } from './kit/person.ts';
import { isForeign, ownServer } from './kit/server-under-test.ts';
import { Socket } from './kit/socket.ts';

// Each of these configures, kills or stops a server of its own.
describe.skipIf(isForeign)('a server of one’s own', () => {
  test('[SEND-1] what was acknowledged is there after the process was killed', async () => {
    const server = await ownServer();
    const [ada, bob] = await server.people('Ada', 'Bob');
    const conversation = await ada.group([bob]);
    const socket = await ada.live();
    const ids = Array.from({ length: 100 }, (_, index) => socket.tell(textCommand(conversation, `Message ${index}`)));
    const acknowledged: unknown[] = [];
    for (const id of ids) acknowledged.push((await socket.reply(id)).seq);
    await server.process.stop('SIGKILL');
    const again = await server.restart();
    const path = `/conversations/${conversation}/messages?limit=100`;
    const { body } = await call(again, 'GET', path, undefined, { token: ada.token });
    expect(body.messages.map(({ seq }) => seq)).toEqual(acknowledged);
    expect(body.head_seq).toBe(acknowledged.at(-1));
  });

  test('[CONN-8] a server that stops tells when to come back, finishes what it took, and closes', async () => {
    const server = await ownServer();
    const ada = await server.person('Ada');
    const socket = await ada.live();
    const stopped = server.process.stop('SIGTERM');
    const { reconnect_after_ms } = await socket.next('closing');
    expect(reconnect_after_ms).toBeLessThanOrEqual(5_000);
    expect(await socket.closeName()).toBe('SERVER_STOPPING');
    expect(await stopped).toBe(0);
  });

  test('[SEND-12] [ERR-4] [CONV-2] [CONN-10] limits and origins are as the operator set them', async () => {
    const origins = ['--origins', 'https://chat.example'];
    const server = await ownServer('--writes-per-minute', '5', '--group-members-max', '3', ...origins);
    const [ada, bob, eve, dan] = await server.people('Ada', 'Bob', 'Eve', 'Dan');
    const conversation = await ada.group([bob, eve]);
    const socket = await ada.live();
    for (let sent = 0; sent < 4; sent += 1)
      expect(await socket.ask(textCommand(conversation))).toMatchObject({ type: 'msg_ack' });
    const refused = { type: 'error', code: 'RATE_LIMITED', retry_after_ms: expect.any(Number) };
    expect(await socket.ask(textCommand(conversation))).toMatchObject(refused);
    const message = { client_msg_id: crypto.randomUUID(), content: { text: 'Hi' } };
    const answer = await ada.call('POST', `/conversations/${conversation}/messages`, message);
    expect(answer.body.code).toBe('RATE_LIMITED');
    expect(Number(answer.headers.get('retry-after')) * 1_000).toBeGreaterThanOrEqual(answer.body.retry_after_ms);
    expect((await ada.history(conversation)).messages).toHaveLength(4);
    await bob.say(conversation);

    const group = { kind: 'group', name: 'Big', member_ids: [bob.userId, eve.userId, ada.userId] };
    expect(await dan.refusal('POST', '/conversations', group)).toBe('TOO_MANY_MEMBERS');
    const small = await dan.group([bob, eve]);
    const path = `/conversations/${small}/members`;
    expect(await dan.refusal('POST', path, { user_ids: [ada.userId] })).toBe('TOO_MANY_MEMBERS');

    await Socket.open(server.url, { origin: 'https://chat.example' });
    await expect(Socket.open(server.url, { origin: 'https://chat.example.evil' })).rejects.toThrow('403');
  });

  test('[SEND-13] [CONN-13] [AUTH-5] what a conversation takes, how often one connects and tries to log in are limited', async () => {
    const limits = ['--conversation-writes-per-minute', '3', '--connections-per-minute', '2', '--login-attempts', '2'];
    const server = await ownServer(...limits);
    expect((await call(server, 'GET', '/server')).body.limits).toMatchObject({
      conversation_writes_per_minute: 3,
      connections_per_minute: 2,
    });
    const [ada, bob] = await server.people('Ada', 'Bob');
    const conversation = await ada.group([bob]);
    const [one, other] = [await ada.live(), await bob.live()];
    for (const socket of [one, other, one])
      expect(await socket.ask(textCommand(conversation))).toMatchObject({ type: 'msg_ack' });
    const refused = { type: 'error', code: 'RATE_LIMITED', retry_after_ms: expect.any(Number) };
    expect(await other.ask(textCommand(conversation))).toMatchObject(refused);
    expect(await one.ask(textCommand(await ada.group([bob])))).toMatchObject({ type: 'msg_ack' });

    await ada.connect();
    const third = await Socket.open(server.url);
    expect(await third.ask({ type: 'authenticate', token: ada.token })).toMatchObject(refused);
    expect(await third.closeName()).toBe('TOO_MANY_RECONNECTS');
    const session = await ada.call('POST', '/events');
    expect([session.status, session.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(session.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await one.ask(textCommand(await ada.group([bob])))).toMatchObject({ type: 'msg_ack' });

    const attempt = { identifier: bob.username, password: 'wrong password', device_name: 'phone' };
    const codes = [];
    for (let tried = 0; tried < 3; tried += 1)
      codes.push((await call(server, 'POST', '/auth/login', attempt)).body.code);
    expect(codes).toEqual(['WRONG_CREDENTIALS', 'WRONG_CREDENTIALS', 'RATE_LIMITED']);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    for (const [limit, count] of [
      ['conversation-writes', 1],
      ['connections', 2],
      ['login', 1],
    ])
      expect(metrics).toContain(`chat_rate_limited_total{limit="${limit}"} ${count}`);
  });

  test('[AUTH-1] [ERR-4] a server that is closed takes no new accounts, and counted routes tell how much is left', async () => {
    const server = await ownServer('--registration', 'closed', '--requests-per-minute', '5');
    const body = { name: 'Ada', username: freshName(), password: PASSWORD, device_name: 'phone' };
    const answers = [await call(server, 'POST', '/auth/register', body)];
    for (let asked = 0; asked < 5; asked += 1) answers.push(await call(server, 'GET', '/server'));
    expect(answers.map(({ status }) => status)).toEqual([403, 200, 200, 200, 200, 429]);
    expect(answers[0]?.body.code).toBe('FORBIDDEN');
    expect(answers[0]?.headers.get('ratelimit-policy')).toContain('q=5');
    expect(answers[0]?.headers.get('ratelimit')).toContain('r=4');
    expect(answers[5]?.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  test('[PLACE-1] [PLACE-2] [PLACE-3] [PLACE-4] the owner names the place and lets people in by invitation, also after a restart', async () => {
    const server = await ownServer();
    const place = async (at: Wire = server) => {
      const { name, registration, has_owner } = (await call(at, 'GET', '/server')).body;
      return { name, registration, has_owner };
    };
    expect(await place()).toEqual({ name: 'Parley', registration: 'open', has_owner: false });
    const [owner, other] = [await server.person('Owner'), await server.person('Other')];
    const decision = { name: 'Harbour', registration: 'invitation' };
    expect(await owner.done('PATCH', '/admin/server', decision)).toEqual(decision);
    expect(await owner.refusal('PATCH', '/admin/server', {})).toBe('INVALID_REQUEST');
    expect(await place()).toEqual({ ...decision, has_owner: true });

    const { code, invitation_id } = await owner.done('POST', '/admin/invitations', { uses_max: 2 });
    const listed = await owner.done('GET', '/admin/invitations');
    expect(listed.items).toEqual([
      { invitation_id, uses: 0, uses_max: 2, created_at: expect.any(Number), expires_at: null },
    ]);
    const join = async (invitation?: unknown) => {
      const body = { name: 'Guest', username: freshName(), password: PASSWORD, device_name: 'phone', invitation };
      return (await call(server, 'POST', '/auth/register', body)).status;
    };
    expect(await join()).toBe(403);
    expect(await join('wrong')).toBe(403);
    const tries = await Promise.all(Array.from({ length: 5 }, () => join(code)));
    expect(tries.sort()).toEqual([201, 201, 403, 403, 403]);

    for (const [method, path, body] of [
      ['PATCH', '/admin/server', decision],
      ['POST', '/admin/invitations', { uses_max: 1 }],
      ['GET', '/admin/invitations', undefined],
      ['DELETE', `/admin/invitations/${String(invitation_id)}`, undefined],
    ] as const)
      expect(await other.refusal(method, path, body)).toBe('FORBIDDEN');

    await server.process.stop('SIGKILL');
    const again = await server.restart();
    expect(await place(again)).toEqual({ ...decision, has_owner: true });
    const withdraw = () =>
      call(again, 'DELETE', `/admin/invitations/${String(invitation_id)}`, undefined, { token: owner.token });
    expect((await withdraw()).status).toBe(204);
    expect((await withdraw()).body.code).toBe('NOT_FOUND');
  });

  test('[PLACE-5] administrators appoint and dismiss each other at once; the last one is neither dismissed nor deleted', async () => {
    const server = await ownServer();
    const [owner, other] = [await server.person('Owner'), await server.person('Other')];
    const at = ({ userId }: typeof owner) => `/admin/users/${userId}`;
    const account = { password: PASSWORD };
    expect(await other.refusal('PATCH', at(other), { role: 'administrator' })).toBe('FORBIDDEN');
    expect(await owner.refusal('PATCH', at(owner), { role: 'user' })).toBe('LAST_ADMIN');
    expect(await owner.refusal('DELETE', '/me', account)).toBe('LAST_ADMIN');
    expect(await owner.refusal('PATCH', at(other), { role: 'king' })).toBe('INVALID_REQUEST');
    const watching = await other.live();
    await owner.done('PATCH', at(other), { role: 'administrator' });
    expect(await watching.next('profile_changed')).toMatchObject({ me: { is_admin: true } });
    await other.done('GET', '/admin/stats');
    await other.done('PATCH', at(owner), { role: 'user' });
    expect(await owner.refusal('GET', '/admin/stats')).toBe('FORBIDDEN');
    await owner.done('DELETE', '/me', account);
    expect(await other.refusal('PATCH', at(owner), { role: 'administrator' })).toBe('NOT_FOUND');
  });

  test('[CONN-11] a reader that takes nothing is closed, and the memory of the server does not grow with it', async () => {
    const server = await ownServer();
    const [ada, bob] = await server.people('Ada', 'Bob');
    const conversation = await ada.group([bob]);
    const [writer, slow] = [await ada.live(), await bob.live()];
    slow.webSocket.pause();
    const before = server.process.residentBytes();
    // 16 MB: far more than the kernel's buffers of a loopback connection and the bound together.
    for (let round = 0; round < 10; round += 1) {
      const ids = Array.from({ length: 100 }, () => writer.tell(textCommand(conversation, 'x'.repeat(16_000))));
      for (const id of ids) await writer.reply(id);
    }
    slow.webSocket.resume();
    // The close frame itself finds no room; what counts is that the connection ended and was not fed.
    expect([4001, 1006]).toContain((await slow.closed).code);
    expect(slow.ofType('new_message').length).toBeLessThan(1_000);
    expect(server.process.residentBytes() - before).toBeLessThan(150 * 1_048_576);
  });
});
