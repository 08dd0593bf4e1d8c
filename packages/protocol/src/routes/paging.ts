import { z } from 'zod';
import { opaqueCursor } from '../fields.ts';
import { LIMITS } from '../limits.ts';

/** A whole number as text of an address: digits only, so that an empty value, 1e2 or 0x1 is refused instead of guessed. */
export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? numberOfDigits(value) : value),
    z.int('must be a whole number, in digits').min(min).max(max),
  );

const numberOfDigits = (text: string): number => (/^\d{1,16}$/.test(text) ? Number(text) : Number.NaN);

/** `limit` above the maximum is refused with LIMIT_TOO_HIGH, never cut in silence. */
export const limit = (standard: number, max: number) => whole(1, max).default(standard);

export const pageQuery = {
  cursor: opaqueCursor.optional(),
  limit: limit(LIMITS.listLimitDefault, LIMITS.listLimitMax),
};

/** A page: `next_cursor` is `null` at the end. Stable while things are inserted. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item).max(LIMITS.listLimitMax), next_cursor: z.string().nullable() });
