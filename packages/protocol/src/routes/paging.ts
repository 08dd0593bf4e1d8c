import { z } from 'zod';
import { opaqueCursor } from '../fields.ts';
import { LIMITS } from '../limits.ts';

/** `limit` above the maximum is refused with LIMIT_TOO_HIGH, never cut in silence. */
export const limit = (standard: number, max: number) => z.coerce.number().int().min(1).max(max).default(standard);

export const pageQuery = {
  cursor: opaqueCursor.optional(),
  limit: limit(LIMITS.listLimitDefault, LIMITS.listLimitMax),
};

/** A page: `next_cursor` is `null` at the end. Stable while things are inserted. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item).max(LIMITS.listLimitMax), next_cursor: z.string().nullable() });
