import { expect, test } from 'vitest';
import { freshKey, type Person } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

test('[CONV-1] starting a direct conversation twice, from either side, gives the same one', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const ids = await Promise.all([ada.direct(bob), bob.direct(ada), ada.direct(bob)]);
  expect(new Set(ids).size).toBe(1);
  const [smaller, larger] = [ada.userId.slice(4), bob.userId.slice(4)].sort();
  expect(ids[0]).toBe(`dir_${smaller}_${larger}`);
});

test('[CONV-2] owner and admins change name, description and picture; members do not', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  const conversation = await ada.group([bob, eve]);
  const path = `/conversations/${conversation}`;
  const change = { name: 'Renamed', description: 'About', avatar_url: 'https://pictures.example/a.png' };
  expect(await bob.refusal('PATCH', path, change)).toBe('FORBIDDEN');
  expect(await ada.done('PATCH', path, change)).toMatchObject(change);
  await ada.done('PATCH', `${path}/members/${bob.userId}`, { role: 'admin' });
  expect(await bob.done('PATCH', path, { name: 'Again' })).toMatchObject({ name: 'Again' });
});

test('[CONV-3] the list is ordered by last activity, paged, and shows archived ones only on request', async () => {
  const ada = await server.person('Ada');
  const ids = [await ada.group([]), await ada.group([]), await ada.group([])];
  await ada.say(ids[0] ?? '');
  const listed: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await ada.done('GET', `/conversations?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    listed.push(...page.items.map(({ conversation_id }) => conversation_id));
    cursor = page.next_cursor;
  }
  expect(listed).toEqual([ids[0], ids[2], ids[1]]);
  await ada.done('PATCH', `/conversations/${ids[1]}/settings`, { archived: true });
  const idsOf = async (query: string) =>
    (await ada.done('GET', `/conversations${query}`)).items.map(({ conversation_id }) => conversation_id);
  expect(await idsOf('')).toEqual([ids[0], ids[2]]);
  expect(await idsOf('?archived=true')).toContain(ids[1]);
});

test("[CONV-4] archive, pin, mute and notifications are the member's own and the same on all devices", async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const other = await (await ada.logIn()).live();
  const settings = { archived: true, pinned: true, muted_until: 4_102_444_800_000, notifications: 'mentions' };
  await ada.done('PATCH', `/conversations/${conversation}/settings`, settings);
  expect(await other.next('settings_changed')).toMatchObject({ conversation_id: conversation, settings });
  expect((await bob.conversation(conversation)).my.settings).toMatchObject({ archived: false, notifications: 'all' });
});

async function staffed() {
  const [owner, admin, member, eve] = await server.people('Olga', 'Alan', 'Mary', 'Eve');
  const conversation = await owner.group([admin, member]);
  const members = `/conversations/${conversation}/members`;
  const setRole = (who: Person, of: Person, role: string) => who.refusal('PATCH', `${members}/${of.userId}`, { role });
  expect(await setRole(owner, admin, 'admin')).toBe('done');
  return { owner, admin, member, eve, conversation, members, setRole };
}

test('[MEMB-1] admins add, remove all but owners, and delete messages; members only send', async () => {
  const { owner, admin, member, eve, conversation, members } = await staffed();
  const add = (who: Person) => who.refusal('POST', members, { user_ids: [eve.userId] });
  const remove = (who: Person, of: Person) => who.refusal('DELETE', `${members}/${of.userId}`);
  expect(await add(member)).toBe('FORBIDDEN');
  expect(await add(admin)).toBe('done');
  expect(await remove(member, eve)).toBe('FORBIDDEN');
  expect(await remove(admin, owner)).toBe('FORBIDDEN');
  expect(await remove(admin, eve)).toBe('done');
  const seq = await owner.say(conversation);
  const path = `/conversations/${conversation}/messages/${seq}`;
  const deletion = { client_msg_id: freshKey(), scope: 'everyone' };
  expect(await member.refusal('DELETE', path, deletion)).toBe('FORBIDDEN');
  expect(await admin.refusal('DELETE', path, deletion)).toBe('done');
});

test('[MEMB-2] owners change roles, admins make and unmake admins, and the last owner stays', async () => {
  const { owner, admin, member, conversation, setRole } = await staffed();
  expect(await setRole(member, member, 'admin')).toBe('FORBIDDEN');
  expect(await setRole(admin, member, 'owner')).toBe('FORBIDDEN');
  expect(await setRole(admin, owner, 'member')).toBe('FORBIDDEN');
  expect(await setRole(admin, member, 'admin')).toBe('done');
  expect(await setRole(admin, member, 'member')).toBe('done');
  expect(await setRole(owner, owner, 'member')).toBe('LAST_OWNER');
  expect(await owner.refusal('POST', `/conversations/${conversation}/leave`)).toBe('LAST_OWNER');
  expect(await owner.refusal('DELETE', '/me', { password: 'correct horse battery' })).toBe('LAST_OWNER');
  expect(await setRole(owner, admin, 'owner')).toBe('done');
  expect(await owner.refusal('POST', `/conversations/${conversation}/leave`)).toBe('done');
});

test('[MEMB-3] adding, removing, leaving and role changes are entries of the log', async () => {
  const { owner, admin, member, eve, conversation, members, setRole } = await staffed();
  await owner.done('POST', members, { user_ids: [eve.userId] });
  await setRole(owner, eve, 'admin');
  await owner.done('DELETE', `${members}/${member.userId}`);
  await admin.done('POST', `/conversations/${conversation}/leave`);
  const { entries } = await owner.done('GET', `/conversations/${conversation}/entries?after_seq=3`);
  expect(entries).toMatchObject([
    { type: 'member_added', user_ids: [eve.userId] },
    { type: 'member_role_changed', user_id: eve.userId, role: 'admin' },
    { type: 'member_removed', user_id: member.userId, reason: 'removed' },
    { type: 'member_removed', user_id: admin.userId, reason: 'left' },
  ]);
});
