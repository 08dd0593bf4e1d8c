import { expect, it } from 'vitest';
import { allPages, CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { connectionOpened } from '../presence/connection-opened.ts';
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
