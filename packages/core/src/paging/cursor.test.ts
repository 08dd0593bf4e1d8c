import { LIMITS, makeUserId, parseUserId } from '@parley/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '../encoding/base64url.ts';
import { done } from '../outcome.ts';
import { isPlace, makeCursor, onlyId, readCursor } from './cursor.ts';

const read = (values: readonly unknown[]) => values;

describe('cursors', () => {
  it('[HIST-2] give back what was put in', () => {
    const value = fc.oneof(fc.nat(), fc.string({ maxLength: 10, unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 2 }), (values) => {
        expect(readCursor('history', makeCursor('history', ...values), read)).toEqual(done(values));
      }),
    );
    expect(readCursor('history', undefined, read)).toEqual(done(null));
  });

  it('[HIST-2] of another list, changed, cut or invented ones are refused', () => {
    const cursor = makeCursor('people', makeUserId(1n));
    const takePerson = onlyId(parseUserId);
    expect(readCursor('people', cursor, takePerson)).toEqual(done(makeUserId(1n)));
    const wrong = [
      makeCursor('members', makeUserId(1n)),
      makeCursor('people', 'usr_no'),
      makeCursor('people', makeUserId(1n), 2),
      makeCursor('people'),
      cursor.slice(0, -2),
      `${cursor}==`,
      '',
      'null',
      toBase64url(new TextEncoder().encode('null')),
      toBase64url(new TextEncoder().encode('{"0":"people"}')),
      toBase64url(Uint8Array.of(0xff, 0xfe)),
      'x'.repeat(LIMITS.cursorLengthMax + 1),
    ];
    for (const text of wrong) {
      expect(readCursor('people', text, takePerson)).toMatchObject({ kind: 'refused', code: 'BAD_CURSOR' });
    }
  });

  it('[HIST-2] any text is refused or read, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        readCursor('history', text, read);
      }),
    );
  });

  it('are never longer than the contract allows', () => {
    expect(() => makeCursor('history', 'x'.repeat(200))).toThrow(RangeError);
  });

  it('places are whole numbers from 0', () => {
    expect([0, 7].every(isPlace)).toBe(true);
    expect([-1, 0.5, Number.NaN, 2 ** 53, '7', null].some(isPlace)).toBe(false);
  });
});

describe('base64url', () => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(fromBase64url(toBase64url(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });
});
