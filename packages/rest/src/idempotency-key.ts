import { done, type Outcome, refused } from '@parley/core';
import { UUID_PATTERN } from '@parley/protocol';

/** HTTP-2: the header is a UUID, bare or quoted; where the body has `client_msg_id` the two are equal. `null`: no header. */
export function readIdempotencyKey(header: string | string[] | undefined, body: unknown): Outcome<string | null> {
  if (header === undefined) return done(null);
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (!UUID_PATTERN.test(key)) return mismatch('must be one UUID in lower case');
  const inBody = typeof body === 'object' && body !== null && 'client_msg_id' in body ? body.client_msg_id : undefined;
  if (inBody !== undefined && inBody !== key) return mismatch('must equal client_msg_id of the body');
  return done(key);
}

const mismatch = (message: string): Outcome<never> =>
  refused('INVALID_REQUEST', 'The header Idempotency-Key does not fit. Nothing was done.', {
    fields: [{ field: 'Idempotency-Key', message }],
  });
