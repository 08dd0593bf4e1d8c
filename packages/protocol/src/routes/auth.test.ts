import { expect, it } from 'vitest';
import { email } from './auth.ts';

const problemsOf = (text: string): string[] => email.safeParse(text).error?.issues.map(({ code }) => code) ?? [];

it('[ERR-2] an e-mail address has one @ and a domain of labels with dots between them', () => {
  for (const address of ['a@b.c', 'Ada.Lovelace+chat@mail.example.org', 'ö@ü.example'])
    expect(problemsOf(address)).toEqual([]);
  for (const address of ['', 'ada', '@b.c', 'a@b', 'a@b.', 'a@.c', 'a@b..c', 'a b@c.d', 'a@b@c.d'])
    expect(problemsOf(address)).toEqual(['invalid_format']);
});

it('[ERR-2] an address that is too long is refused for that alone, without being looked through', () => {
  expect(problemsOf(`a@${'.'.repeat(65_000)} `)).toEqual(['too_big']);
});
