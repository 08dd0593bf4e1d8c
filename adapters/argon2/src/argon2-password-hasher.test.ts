import { StoreError } from '@parley/core';
import { expect, test } from 'vitest';
import { Argon2PasswordHasher } from './argon2-password-hasher.ts';

const cheap = { memoryKib: 8, passes: 1 };

test('hashes with Argon2id, 19 MiB, 2 passes, 1 lane unless told otherwise', async () => {
  expect(await new Argon2PasswordHasher().hash('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('[AUTH-1] knows the right password from a wrong one, in any script', async () => {
  const hasher = new Argon2PasswordHasher(cheap);
  const stored = await hasher.hash('пароль 🔑');
  expect(await hasher.verify(stored, 'пароль 🔑')).toBe(true);
  expect(await hasher.verify(stored, 'пароль')).toBe(false);
  expect(await hasher.verify(stored, '')).toBe(false);
});

test('the same password never gives the same hash', async () => {
  const hasher = new Argon2PasswordHasher(cheap);
  expect(await hasher.hash('correct horse')).not.toBe(await hasher.hash('correct horse'));
});

test('verifies hashes of other costs, so that costs can be raised later', async () => {
  const stored = await new Argon2PasswordHasher(cheap).hash('correct horse');
  expect(await new Argon2PasswordHasher({ memoryKib: 16, passes: 2 }).verify(stored, 'correct horse')).toBe(true);
});

test.each([
  ['nothing', ''],
  ['no hash', 'correct horse'],
  ['another algorithm', '$argon2i$v=19$m=16,t=2,p=1$c2FsdHNhbHRzYWx0$8Zt1xq5Q0h0'],
  ['a cost of 4 GiB', '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0$8Zt1xq5Q0h0'],
  ['a cut hash', '$argon2id$v=19$m=8,t=1,p=1$'],
])('a stored text that is %s matches no password', async (_, stored) => {
  expect(await new Argon2PasswordHasher(cheap).verify(stored, 'correct horse')).toBe(false);
});

test('refuses at once when too many wait, and says that nothing was done', async () => {
  const hasher = new Argon2PasswordHasher({ ...cheap, concurrencyMax: 1, waitingMax: 1 });
  const outcomes = await Promise.allSettled(['first', 'second', 'third'].map((password) => hasher.hash(password)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  const refusal: unknown = outcomes[2]?.status === 'rejected' ? outcomes[2].reason : undefined;
  expect(refusal).toBeInstanceOf(StoreError);
  expect(refusal).toMatchObject({ applied: 'no', retryable: true });
});
