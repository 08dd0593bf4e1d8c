import { API_PREFIX, ROUTES, type Route, type RouteName } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { openRest } from './open-rest.ts';

/** [HTTP-3] A day of three people that uses every route once with success; `checkResponses` compares every answer with its schema. */
async function liveADay() {
  const rest = await openRest({ settings: { registration: 'open' } });
  const used = new Set<RouteName>();
  const call: typeof rest.call = async (name, input, options) => {
    const answer = await rest.call(name, input, options);
    expect(answer.status, `${name}: ${answer.text}`).toBe(ROUTES[name].status);
    used.add(name);
    return answer;
  };
  return { ...rest, call, used };
}

test('[HTTP-3] every route of the table answers its success as its schema says', async () => {
  const { call, used, codes, random, clock } = await liveADay();

  // Accounts and devices.
  const people = ['ada', 'bob', 'cyd'] as const;
  const sessions = new Map<string, { token: string; id: string }>();
  for (const name of people) {
    const phone = `+49151000000${people.indexOf(name)}`;
    const body = { name, username: name, phone, password: `${name}-password`, device_name: 'laptop' };
    const { body: session } = await call('register', { body });
    sessions.set(name, { token: session.access_token, id: session.me.user_id });
  }
  const by = (name: (typeof people)[number]) => ({ token: sessions.get(name)?.token });
  const { body: ada } = await call('getMe', {}, by('ada'));
  const { body: bob } = await call('getMe', {}, by('bob'));
  const { body: cyd } = await call('getMe', {}, by('cyd'));
  expect(ada.is_admin).toBe(true);
  expect(bob.is_admin).toBe(false);
  const login = { identifier: 'bob', password: 'bob-password', device_name: 'phone' };
  const { body: phone } = await call('login', { body: login });
  await call('requestCode', { body: { phone: '+491510000001' } });
  expect(codes).toEqual([{ phone: '+491510000001', code: expect.stringMatching(/^\d{6}$/) }]);
  await call('login', { body: { phone: '+491510000001', code: codes[0]?.code ?? '', device_name: 'tablet' } });
  const { body: renewed } = await call('refresh', { body: { refresh_token: phone.refresh_token } });
  expect((await call('listDevices', {}, by('bob'))).body.items).toHaveLength(3);
  await call('revokeDevice', { params: { device_id: renewed.device_id } }, by('bob'));
  await call('createTicket', {}, by('bob'));
  await call('updateMe', { body: { name: 'Bob B.', status: 'awake', avatar_url: '/bob.png' } }, by('bob'));
  await call('updatePrivacy', { body: { last_seen: 'contacts' } }, by('bob'));
  await call(
    'changePassword',
    { body: { current_password: 'cyd-password', new_password: 'cyd-password-2' } },
    by('cyd'),
  );
  expect((await call('searchUsers', { query: { query: 'bob' } }, by('ada'))).body.items).toHaveLength(1);
  expect((await call('getUser', { params: { user_id: bob.user_id } }, by('ada'))).body.name).toBe('Bob B.');

  // Conversations and members.
  const start = (
    body: Parameters<typeof call<'createConversation'>>[1] extends infer I
      ? I extends { body?: infer B }
        ? B
        : never
      : never,
  ) => call('createConversation', body === undefined ? {} : { body }, by('ada'));
  const { body: direct } = await start({ kind: 'direct', user_id: bob.user_id });
  const { body: group } = await start({ kind: 'group', name: 'Trip', member_ids: [bob.user_id] });
  const { body: channel } = await start({ kind: 'channel', name: 'News', visibility: 'public', member_ids: [] });
  const inGroup = { conversation_id: group.conversation_id };
  const ofCyd = { ...inGroup, user_id: cyd.user_id };
  await call('updateConversation', { params: inGroup, body: { name: 'Trip to Rome', description: null } }, by('ada'));
  await call('addMembers', { params: inGroup, body: { user_ids: [cyd.user_id] } }, by('ada'));
  await call('changeRole', { params: ofCyd, body: { role: 'admin' } }, by('ada'));
  expect((await call('listMembers', { params: inGroup }, by('bob'))).body.items).toHaveLength(3);
  await call(
    'updateSettings',
    { params: inGroup, body: { pinned: true, muted_until: clock.now() + 1_000 } },
    by('bob'),
  );
  expect((await call('searchChannels', { query: { query: 'ne' } }, by('cyd'))).body.items).toHaveLength(1);
  await call('joinChannel', { params: { conversation_id: channel.conversation_id } }, by('cyd'));
  await call('leaveConversation', { params: { conversation_id: channel.conversation_id } }, by('cyd'));

  // Messages.
  const write = () => ({ client_msg_id: random.uuid() });
  const send = (text: string) =>
    call('sendMessage', { params: inGroup, body: { ...write(), content: { text } } }, by('ada'));
  const { seq: first = 0 } = (await send('Rome on Friday?')).body;
  const { seq: second = 0 } = (await send('a slip')).body;
  const target = { ...inGroup, seq: first };
  await call(
    'editMessage',
    { params: target, body: { ...write(), content: { text: 'Rome on Saturday?' } } },
    by('ada'),
  );
  await call('react', { params: target, body: { ...write(), emoji: '👍', action: 'added' } }, by('bob'));
  await call(
    'deleteMessage',
    { params: { ...inGroup, seq: second }, body: { ...write(), scope: 'everyone' } },
    by('ada'),
  );
  await call('deleteMessage', { params: target, body: { ...write(), scope: 'me' } }, by('cyd'));
  const source = { conversation_id: group.conversation_id, seq: first };
  await call(
    'forwardMessage',
    { params: { conversation_id: direct.conversation_id }, body: { ...write(), source } },
    by('ada'),
  );
  await call('moveCursors', { params: inGroup, body: { read_up_to: first } }, by('bob'));
  expect((await call('getReceipts', { params: target }, by('ada'))).body.read).toBe(1);
  const { body: history } = await call('listMessages', { params: inGroup }, by('bob'));
  expect(history.messages.map(({ content }) => content?.text)).toContain('Rome on Saturday?');
  await call('listEntries', { params: inGroup, query: { after_seq: 0 } }, by('ada'));
  expect((await call('listConversations', {}, by('bob'))).body.items).toHaveLength(2);
  await call('getConversation', { params: inGroup }, by('bob'));
  await call('getSnapshot', {}, by('bob'));
  await call('queryPresence', { body: { user_ids: [ada.user_id] } }, by('bob'));

  // Keys and mailboxes.
  const key = { key_id: 1, key: 'AAAA' };
  const signed_pre_key = { ...key, signature: 'AAAA' };
  await call('putKeys', { body: { identity_key: 'AAAA', signed_pre_key, one_time_keys: [key] } }, by('bob'));
  expect((await call('countKeys', {}, by('bob'))).body.one_time_keys_left).toBe(1);
  const { body: taken } = await call('takeKeys', { params: { user_id: bob.user_id } }, by('ada'));
  const device_id = taken.bundles[0]?.device_id;
  if (device_id === undefined) throw new Error('Bob has put keys, and none were handed out.');
  const items = [{ user_id: bob.user_id, device_id, payload: 'AAAA' }];
  await call('sendToDevices', { body: { ...write(), items } }, by('ada'));
  expect((await call('readMailbox', {}, by('bob'))).body.items).toHaveLength(1);
  await call('acknowledgeMailbox', { body: { up_to: 1 } }, by('bob'));

  // Long polling.
  const { body: opened } = await call('openEvents', {}, by('bob'));
  const query = { cursor: opened.cursor };
  await call('sendFrames', { query, body: { frames: [{ type: 'ping', id: 1 }] } }, by('bob'));
  expect((await call('pollEvents', { query }, by('bob'))).body.frames).toEqual([{ type: 'ping', id: 1 }]);
  await call('closeEvents', { query }, by('bob'));

  // The server, and the end.
  expect((await call('getServer')).body).toMatchObject({ version: '1.2.3', websocket_path: '/api/v1/ws' });
  await call('getStats', {}, by('ada'));
  expect((await call('listUsers', {}, by('ada'))).body.items).toHaveLength(3);
  const lines = (await call('exportMe', {}, by('bob'))).text.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  await call('removeMember', { params: ofCyd }, by('ada'));
  await call('deleteMe', { body: { password: 'bob-password' } }, by('bob'));
  await call('logout', {}, by('ada'));

  expect([...used].sort()).toEqual(Object.keys(ROUTES).sort());
});

describe('[SEND-6] what is not mine and what does not exist are the same answer', () => {
  // The cast holds: these are the keys of ROUTES, and Object.entries loses their type.
  const inConversation = (Object.entries<Route>(ROUTES) as [RouteName, Route][]).filter(
    ([, route]) => route.params?.shape.conversation_id !== undefined,
  );

  test.each(inConversation)('%s', async (name, route) => {
    const { inject, call, join } = await openRest();
    const [ada, eve] = [await join('ada'), await join('eve')];
    const { body: group } = await call(
      'createConversation',
      { body: { kind: 'group', name: 'Secret', member_ids: [] } },
      { token: ada.token },
    );
    const { SAMPLE_BODIES } = await import('./samples.ts');
    const payload = Object.entries(SAMPLE_BODIES).find(([key]) => key === name)?.[1];
    const as = async (conversation: string) => {
      const path = route.path
        .replace(':conversation_id', conversation)
        .replace(':user_id', ada.userId)
        .replace(':seq', '1');
      const answer = await inject({
        method: route.method,
        url: `${API_PREFIX}${path}${name === 'listEntries' ? '?after_seq=0' : ''}`,
        headers: {
          authorization: `Bearer ${eve.token}`,
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
      });
      return { status: answer.status, body: { ...Object(answer.body), request_id: '' } };
    };
    const foreign = await as(group.conversation_id);
    const unknown = await as('grp_0000000000001');
    expect(foreign).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(foreign).toEqual(unknown);
  });
});

describe('[SEND-2] [SEND-3] [HTTP-2] the same key', () => {
  async function openGroup() {
    const rest = await openRest();
    const ada = await rest.join('ada');
    const auth = { token: ada.token };
    const { body: group } = await rest.call(
      'createConversation',
      { body: { kind: 'group', name: 'Trip', member_ids: [] } },
      auth,
    );
    const client_msg_id = rest.random.uuid();
    const params = { conversation_id: group.conversation_id };
    const send = (text: string) =>
      rest.call(
        'sendMessage',
        { params, body: { client_msg_id, content: { text } } },
        { ...auth, headers: { 'idempotency-key': client_msg_id } },
      );
    return { ...rest, auth, params, send };
  }

  test('gives the first answer again', async () => {
    const { send, call, auth, params } = await openGroup();
    const { body: first } = await send('hello');
    expect(first.duplicate).toBe(false);
    expect((await send('hello')).body).toEqual({ ...first, duplicate: true });
    expect((await call('listMessages', { params }, auth)).body.messages).toHaveLength(1);
  });

  test('with other content is KEY_REUSED and stores nothing', async () => {
    const { send, call, auth, params } = await openGroup();
    await send('hello');
    expect(await send('good-bye')).toMatchObject({ status: 409, body: { code: 'KEY_REUSED' } });
    expect((await call('listMessages', { params }, auth)).body.messages).toHaveLength(1);
  });

  test('[CONV-1] creates one group, and is refused for another', async () => {
    const { call, auth, random } = await openGroup();
    const headers = { 'idempotency-key': random.uuid() };
    const create = (name: string) =>
      call('createConversation', { body: { kind: 'group', name, member_ids: [] } }, { ...auth, headers });
    const { body: first } = await create('Lunch');
    expect((await create('Lunch')).body.conversation_id).toBe(first.conversation_id);
    expect(await create('Dinner')).toMatchObject({ status: 409, body: { code: 'KEY_REUSED' } });
  });
});

test('only administrators see the administration', async () => {
  const { call, join } = await openRest();
  const [ada, bob] = [await join('ada'), await join('bob')];
  expect((await call('getStats', {}, { token: ada.token })).status).toBe(200);
  for (const name of ['getStats', 'listUsers'] as const)
    expect(await call(name, {}, { token: bob.token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
});
