import { UUID_PATTERN } from '@parley/protocol';
import { expect, test } from 'vitest';
import { defaultEnvironment, makeUuid } from './environment.ts';

test('a key of a write is a UUID of version 7 that begins with the time in ms', () => {
  const now = 0x0199_c0ff_ee42;
  const uuid = makeUuid(now);
  expect(uuid).toMatch(UUID_PATTERN);
  expect(uuid).toMatch(/^0199c0ff-ee42-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  expect(makeUuid(now + 1) > uuid).toBe(true);
});

test('keys of the same moment differ', () => {
  const uuids = Array.from({ length: 1_000 }, () => makeUuid(1));
  expect(new Set(uuids).size).toBe(uuids.length);
  expect(defaultEnvironment.uuid()).not.toBe(defaultEnvironment.uuid());
});
