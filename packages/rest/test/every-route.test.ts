import { type ConversationId, ROUTES, type RouteInput, type RouteName } from '@parley/protocol';
import { expect, test } from 'vitest';
import { openRest } from './open-rest.ts';

const NAMES = ['ada', 'bob', 'cyd'] as const;
type Name = (typeof NAMES)[number];

/** Three people on one server; `call` insists on success and notes which routes were used. Ada, the first, is its administrator. */
async function openDay() {
  const rest = await openRest();
  const used = new Set<RouteName>();
  const tokens = new Map<Name, string>();
  const call: typeof rest.call = async (name, input, options) => {
    const answer = await rest.call(name, input, options);
    expect(answer.status, `${name}: ${answer.text}`).toBe(ROUTES[name].status);
    used.add(name);
    return answer;
  };
  const as = <N extends RouteName>(person: Name, name: N, input: Partial<RouteInput<(typeof ROUTES)[N]>> = {}) =>
    call(name, input, { token: tokens.get(person) });
  const join = async (name: Name) => {
    const phone = `+49151000000${NAMES.indexOf(name)}`;
    const body = { name, username: name, phone, password: `${name}-password`, device_name: 'laptop' };
    const { body: session } = await call('register', { body });
    tokens.set(name, session.access_token);
    return session.me;
  };
  const people = { ada: await join('ada'), bob: await join('bob'), cyd: await join('cyd') };
  const write = () => ({ client_msg_id: rest.random.uuid() });
  return { ...rest, call, as, used, people, write };
}
type Day = Awaited<ReturnType<typeof openDay>>;

async function logInAndOut({ call, as, codes, people }: Day): Promise<void> {
  expect(people.ada.is_admin).toBe(true);
  expect((await as('bob', 'getMe')).body).toEqual(people.bob);
  const login = { identifier: 'bob', password: 'bob-password', device_name: 'phone' };
  const { body: phone } = await call('login', { body: login });
  await call('requestCode', { body: { phone: '+491510000001' } });
  const [sent] = codes;
  expect(sent?.phone).toBe('+491510000001');
  await call('login', { body: { phone: '+491510000001', code: sent?.code ?? '', device_name: 'tablet' } });
  const { body: renewed } = await call('refresh', { body: { refresh_token: phone.refresh_token } });
  expect((await as('bob', 'listDevices')).body.items).toHaveLength(3);
  await as('bob', 'revokeDevice', { params: { device_id: renewed.device_id } });
  await as('bob', 'createTicket');
  const change = { current_password: 'cyd-password', new_password: 'cyd-password-2' };
  await as('cyd', 'changePassword', { body: change });
}

async function changeProfile({ as, people: { ada, bob } }: Day): Promise<void> {
  await as('bob', 'updateMe', { body: { name: 'Bob B.', status: 'awake', avatar_url: '/bob.png' } });
  await as('bob', 'updatePrivacy', { body: { last_seen: 'contacts' } });
  expect((await as('ada', 'searchUsers', { query: { query: 'bob' } })).body.items).toHaveLength(1);
  expect((await as('ada', 'getUser', { params: { user_id: bob.user_id } })).body.name).toBe('Bob B.');
  await as('bob', 'queryPresence', { body: { user_ids: [ada.user_id] } });
}

async function gather({ as, people: { bob, cyd }, clock }: Day): Promise<Record<'direct' | 'group', ConversationId>> {
  const { body: direct } = await as('ada', 'createConversation', { body: { kind: 'direct', user_id: bob.user_id } });
  const { body: group } = await as('ada', 'createConversation', {
    body: { kind: 'group', name: 'Trip', member_ids: [bob.user_id] },
  });
  const { body: channel } = await as('ada', 'createConversation', {
    body: { kind: 'channel', name: 'News', visibility: 'public', member_ids: [] },
  });
  const params = { conversation_id: group.conversation_id };
  await as('ada', 'updateConversation', { params, body: { name: 'Trip to Rome', description: null } });
  await as('ada', 'addMembers', { params, body: { user_ids: [cyd.user_id] } });
  await as('ada', 'changeRole', { params: { ...params, user_id: cyd.user_id }, body: { role: 'admin' } });
  expect((await as('bob', 'listMembers', { params })).body.items).toHaveLength(3);
  await as('bob', 'updateSettings', { params, body: { pinned: true, muted_until: clock.now() + 1_000 } });
  expect((await as('cyd', 'searchChannels', { query: { query: 'ne' } })).body.items).toHaveLength(1);
  const inChannel = { params: { conversation_id: channel.conversation_id } };
  await as('cyd', 'joinChannel', inChannel);
  await as('cyd', 'leaveConversation', inChannel);
  return { direct: direct.conversation_id, group: group.conversation_id };
}

async function talk({ as, write }: Day, direct: ConversationId, group: ConversationId): Promise<void> {
  const params = { conversation_id: group };
  const send = async (text: string): Promise<number> =>
    (await as('ada', 'sendMessage', { params, body: { ...write(), content: { text } } })).body.seq ?? 0;
  const first = { ...params, seq: await send('Rome on Friday?') };
  const slip = { ...params, seq: await send('a slip') };
  await as('ada', 'editMessage', { params: first, body: { ...write(), content: { text: 'Rome on Saturday?' } } });
  await as('bob', 'react', { params: first, body: { ...write(), emoji: '👍', action: 'added' } });
  await as('ada', 'deleteMessage', { params: slip, body: { ...write(), scope: 'everyone' } });
  await as('cyd', 'deleteMessage', { params: first, body: { ...write(), scope: 'me' } });
  const source = { conversation_id: group, seq: first.seq };
  await as('ada', 'forwardMessage', { params: { conversation_id: direct }, body: { ...write(), source } });
  await as('bob', 'moveCursors', { params, body: { read_up_to: first.seq } });
  expect((await as('ada', 'getReceipts', { params: first })).body.read).toBe(1);
  const { body: history } = await as('bob', 'listMessages', { params });
  expect(history.messages.map(({ content }) => content?.text)).toContain('Rome on Saturday?');
  await as('ada', 'listEntries', { params, query: { after_seq: 0 } });
  expect((await as('bob', 'listConversations')).body.items).toHaveLength(2);
  expect((await as('bob', 'getConversation', { params })).body.name).toBe('Trip to Rome');
  expect((await as('bob', 'getSnapshot')).body.conversations).toHaveLength(2);
}

async function exchangeKeys({ as, write, people: { bob } }: Day): Promise<void> {
  const key = { key_id: 1, key: 'AAAA' };
  const signed_pre_key = { ...key, signature: 'AAAA' };
  await as('bob', 'putKeys', { body: { identity_key: 'AAAA', signed_pre_key, one_time_keys: [key] } });
  expect((await as('bob', 'countKeys')).body.one_time_keys_left).toBe(1);
  const { body: taken } = await as('ada', 'takeKeys', { params: { user_id: bob.user_id } });
  const items = taken.bundles.map(({ device_id }) => ({ user_id: bob.user_id, device_id, payload: 'AAAA' }));
  expect(items).toHaveLength(1);
  await as('ada', 'sendToDevices', { body: { ...write(), items } });
  expect((await as('bob', 'readMailbox')).body.items).toHaveLength(1);
  await as('bob', 'acknowledgeMailbox', { body: { up_to: 1 } });
  expect((await as('bob', 'readMailbox')).body.items).toHaveLength(0);
}

async function poll({ as }: Day): Promise<void> {
  const query = { cursor: (await as('bob', 'openEvents')).body.cursor };
  await as('bob', 'sendFrames', { query, body: { frames: [{ type: 'ping', id: 1 }] } });
  expect((await as('bob', 'pollEvents', { query })).body.frames).toEqual([{ type: 'ping', id: 1 }]);
  await as('bob', 'closeEvents', { query });
}

async function sayGoodBye({ as, call, people: { cyd } }: Day, group: ConversationId): Promise<void> {
  expect((await call('getServer')).body).toMatchObject({
    version: '1.2.3',
    websocket_path: '/api/v1/ws',
    limits: {
      frame_bytes_max: 65_536,
      group_members_max: 1_024,
      edit_window_ms: 86_400_000,
      connections_per_minute: 10,
    },
  });
  expect((await as('ada', 'getStats')).body.users).toBe(3);
  expect((await as('ada', 'listUsers')).body.items).toHaveLength(3);
  await as('ada', 'changeUserRole', { params: { user_id: cyd.user_id }, body: { role: 'administrator' } });
  expect((await as('ada', 'updateServer', { body: { name: 'Harbour' } })).body).toMatchObject({ name: 'Harbour' });
  const { body: made } = await as('ada', 'createInvitation', { body: { uses_max: 3 } });
  expect((await as('ada', 'listInvitations')).body.items).toHaveLength(1);
  await as('ada', 'withdrawInvitation', { params: { invitation_id: made.invitation_id } });
  const lines = (await as('bob', 'exportMe')).text.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  await as('ada', 'removeMember', { params: { conversation_id: group, user_id: cyd.user_id } });
  await as('bob', 'deleteMe', { body: { password: 'bob-password' } });
  await as('ada', 'logout');
}

test('[HTTP-3] every route of the table is used in one day of three people and answers as its schema says', async () => {
  const day = await openDay();
  await logInAndOut(day);
  await changeProfile(day);
  const { direct, group } = await gather(day);
  await talk(day, direct, group);
  await exchangeKeys(day);
  await poll(day);
  await sayGoodBye(day, group);
  expect([...day.used].sort()).toEqual(Object.keys(ROUTES).sort());
});
