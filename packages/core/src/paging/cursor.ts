import { LIMITS } from '@parley/protocol';
import { fromBase64url, toBase64url } from '../encoding/base64url.ts';
import { done, type Outcome, refused } from '../outcome.ts';

/** Which list a cursor belongs to. Lists inside a conversation name it in the first value, so that a cursor of another one is refused. */
export type CursorKind = 'conversations' | 'channels' | 'members' | 'history' | 'receipts' | 'people' | 'accounts';

type CursorValue = string | number;

/** An opaque place in a list: base64url of the JSON list [kind, …values]. At most LIMITS.cursorLengthMax characters. */
export function makeCursor(kind: CursorKind, ...values: readonly CursorValue[]): string {
  const cursor = toBase64url(new TextEncoder().encode(JSON.stringify([kind, ...values])));
  if (cursor.length > LIMITS.cursorLengthMax)
    throw new RangeError(`A cursor of ${kind} has ${cursor.length} characters.`);
  return cursor;
}

/**
 * The place that `read` makes of the cursor's values; `null` for no cursor (the beginning of the list). A cursor that is malformed, of another
 * list, or that `read` does not take is refused with BAD_CURSOR.
 */
export function readCursor<T>(
  kind: CursorKind,
  cursor: string | undefined,
  read: (values: readonly unknown[]) => T | undefined,
): Outcome<T | null> {
  if (cursor === undefined) return done(null);
  const [found, ...values] = parse(cursor) ?? [];
  const place = found === kind ? read(values) : undefined;
  if (place !== undefined) return done(place);
  return refused('BAD_CURSOR', 'The cursor was not given by this server for this list. Begin again without a cursor.');
}

function parse(cursor: string): readonly unknown[] | undefined {
  if (cursor.length > LIMITS.cursorLengthMax) return undefined;
  const bytes = fromBase64url(cursor);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A place in a log or in time. */
export const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** For lists whose place is one id: reads it with the id's parser. */
export const onlyId =
  <Id>(parseId: (text: string) => Id | undefined) =>
  (values: readonly unknown[]): Id | undefined =>
    values.length === 1 && typeof values[0] === 'string' ? parseId(values[0]) : undefined;
