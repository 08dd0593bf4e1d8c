import { ROUTES } from '@parley/protocol';
import { expect, test } from 'vitest';
import { checkResponse } from './check-response.ts';

const answer = { ticket: 'secret', expires_at: 1 };

test('[HTTP-3] an answer as its schema says passes', () => {
  expect(() => checkResponse('createTicket', ROUTES.createTicket, answer)).not.toThrow();
  expect(() => checkResponse('logout', ROUTES.logout, undefined)).not.toThrow();
});

test.each([
  ['a field of the wrong kind', { ...answer, expires_at: '1' }],
  ['a missing field', { ticket: 'secret' }],
  ['a field that no schema names', { ...answer, password_hash: '$argon2id$' }],
  ['nothing', undefined],
])('[HTTP-3] an answer with %s is an error of ours', (_, wrong) => {
  expect(() => checkResponse('createTicket', ROUTES.createTicket, wrong)).toThrow('createTicket');
});

test('[HTTP-3] a body where the route has none is an error of ours', () => {
  expect(() => checkResponse('logout', ROUTES.logout, {})).toThrow('logout');
});
