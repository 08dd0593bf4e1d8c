import { expect, it } from 'vitest';
import { allPages, CoreUnderTest, codeOf, doneValue, PASSWORD } from '../../test/core-under-test.ts';
import { deleteMe } from '../accounts/delete-me.ts';
import type { Actor } from '../actor.ts';
import { connectionOpened } from '../presence/connection-opened.ts';
import { changeUserRole } from './change-user-role.ts';
import { getStats } from './get-stats.ts';
import { listUsers } from './list-users.ts';

it('[AUTH-1] only the administrator sees counts and accounts', async () => {
  const under = new CoreUnderTest();
  const [first, second] = (await under.people(2)) as [Actor, Actor];
  await under.say(first, await under.direct(first, second));
  await connectionOpened(under.core, second, 'one');
  await under.clock.advance(1_000);
  expect(await doneValue(getStats(under.core, first))).toEqual({
    users: 2,
    devices: 2,
    conversations: 1,
    messages: 1,
    connections: 1,
    online_users: 1,
    uptime_ms: 1_000,
    stored_bytes: null,
  });
  expect(await codeOf(getStats(under.core, second))).toBe('FORBIDDEN');
  const list = (actor: Actor, query: object = {}) => listUsers(under.core, actor, { query: { limit: 1, ...query } });
  const { items } = await allPages((cursor) => list(first, cursor));
  expect(items.map(({ name, is_admin, devices }) => [name, is_admin, devices])).toEqual([
    ['person2', false, 1],
    ['person1', true, 1],
  ]);
  expect(await codeOf(list(second))).toBe('FORBIDDEN');
});

it('[PLACE-5] an administrator appoints and dismisses; the last one stays, whatever is asked', async () => {
  const under = new CoreUnderTest();
  const [first, second] = (await under.people(2)) as [Actor, Actor];
  const make = (actor: Actor, userId: Actor['userId'], role: 'administrator' | 'user') =>
    changeUserRole(under.core, actor, { params: { user_id: userId }, body: { role } });
  const body = { password: PASSWORD };
  expect(await codeOf(make(second, second.userId, 'administrator'))).toBe('FORBIDDEN');
  expect(await codeOf(make(first, first.userId, 'user'))).toBe('LAST_ADMIN');
  expect(await codeOf(deleteMe(under.core, first, { body }))).toBe('LAST_ADMIN');
  expect(await codeOf(make(first, under.core.ids.userId(), 'administrator'))).toBe('NOT_FOUND');
  await doneValue(make(first, second.userId, 'administrator'));
  await doneValue(make(second, first.userId, 'user'));
  expect(await codeOf(make(first, first.userId, 'administrator'))).toBe('FORBIDDEN');
  await doneValue(deleteMe(under.core, first, { body }));
  expect(await codeOf(make(second, first.userId, 'administrator'))).toBe('NOT_FOUND');
});
