import { expect, test } from 'vitest';
import { readIdempotencyKey } from './idempotency-key.ts';

const key = '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a11';
const other = '0a4c1f0e-6c1d-4b53-9a50-2f1f4f9b1a12';

test('[HTTP-2] takes a UUID, bare or quoted, that equals client_msg_id where the body has one', () => {
  expect(readIdempotencyKey(undefined, { client_msg_id: key })).toEqual({ kind: 'done', value: null });
  expect(readIdempotencyKey(key, { client_msg_id: key })).toEqual({ kind: 'done', value: key });
  expect(readIdempotencyKey(`"${key}"`, { kind: 'direct' })).toEqual({ kind: 'done', value: key });
});

test.each([
  ['no UUID', 'again', {}],
  ['upper case', key.toUpperCase(), {}],
  ['two of them', [key, other], {}],
  ['another than in the body', other, { client_msg_id: key }],
])('[HTTP-2] refuses a header that is %s', (_, header, body) => {
  expect(readIdempotencyKey(header, body)).toMatchObject({ kind: 'refused', code: 'INVALID_REQUEST' });
});
