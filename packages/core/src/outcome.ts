import type { ErrorCode } from '@parley/protocol';

/** What a rule answers: the thing asked for, or an expected refusal. Failing engines throw a StoreError instead. */
export type Outcome<T> = Done<T> | Refused;

export interface Done<T> {
  readonly kind: 'done';
  readonly value: T;
}

/** A code of the error table and a sentence for people (ERR-2): what happened, what was not done, what to do next. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly detail: string;
  /** With RATE_LIMITED: when the same request may succeed. */
  readonly retryAfterMs?: number;
  /** With INVALID_REQUEST: which fields are wrong. At most 20. */
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
}

export const done = <T>(value: T): Done<T> => ({ kind: 'done', value });

export const refused = (
  code: ErrorCode,
  detail: string,
  more: Pick<Refused, 'retryAfterMs' | 'fields'> = {},
): Refused => ({ kind: 'refused', code, detail, ...more });

/** INVALID_REQUEST for one field that a schema cannot judge. */
export const invalidField = (field: string, message: string): Refused =>
  refused('INVALID_REQUEST', `The field ${field} ${message}. Nothing was done.`, { fields: [{ field, message }] });
