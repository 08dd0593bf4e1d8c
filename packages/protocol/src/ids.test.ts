import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conversationKindOf,
  digitsOf,
  directIdOf,
  idNumber,
  makeChannelId,
  makeGroupId,
  makeUserId,
  numberOf,
  parseConversationId,
  parseUserId,
  usersOfDirect,
} from './ids.ts';

const numbers = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });

describe('ids', () => {
  it('[CONV-1] a direct id is the same whoever makes it, names its two users and parses', () => {
    fc.assert(
      fc.property(fc.uniqueArray(numbers, { minLength: 2, maxLength: 2 }), ([a = 0n, b = 1n]) => {
        const [one, other] = [makeUserId(a), makeUserId(b)];
        const id = directIdOf(one, other);
        expect(directIdOf(other, one)).toBe(id);
        expect(new Set(usersOfDirect(id))).toEqual(new Set([one, other]));
        expect(parseConversationId(id)).toBe(id);
        expect(conversationKindOf(id)).toBe('direct');
      }),
    );
  });

  it('13 digits hold a 63-bit number and sort as it does', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(numberOf(digitsOf(a))).toBe(a);
        expect(digitsOf(a) < digitsOf(b)).toBe(a < b);
        expect(idNumber(makeUserId(a))).toBe(a);
      }),
    );
  });

  it('refuses ids of another kind, other letters, other lengths, and direct ids whose users are out of order or one', () => {
    const user = makeUserId(7n);
    const digits = user.slice(4);
    for (const wrong of [
      '',
      digits,
      `dev_${digits}`,
      `${user}0`,
      user.toUpperCase(),
      `usr_8${digits.slice(1)}`,
      `usr_i${digits.slice(1)}`,
      `${user}\n`,
    ]) {
      expect(parseUserId(wrong)).toBeUndefined();
    }
    const [low, high] = [digitsOf(1n), digitsOf(2n)];
    expect(parseConversationId(`dir_${low}_${high}`)).toBeDefined();
    expect(parseConversationId(`dir_${high}_${low}`)).toBeUndefined();
    expect(parseConversationId(`dir_${low}_${low}`)).toBeUndefined();
    expect(parseConversationId(makeGroupId(5n))).toBeDefined();
    expect(parseConversationId(makeChannelId(5n))).toBeDefined();
    expect(() => directIdOf(user, user)).toThrow(RangeError);
    expect(() => digitsOf(-1n)).toThrow(RangeError);
    expect(() => digitsOf(1n << 63n)).toThrow(RangeError);
  });
});
