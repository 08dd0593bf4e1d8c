import { describe, expect, test } from 'vitest';
import { BodyError, readJsonBody } from './json-body.ts';

const json = { 'content-type': 'application/json' };
const read = (text: string, headers: Parameters<typeof readJsonBody>[1] = json) =>
  readJsonBody(Buffer.from(text), headers);
const codeOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return error instanceof BodyError ? error.code : error;
  }
  return 'nothing was thrown';
};

test('reads JSON in UTF-8, and nothing as undefined', () => {
  expect(read('{"text":"Grüße 👋"}')).toEqual({ text: 'Grüße 👋' });
  expect(read('{}', { 'content-type': 'application/json; charset="UTF-8"' })).toEqual({});
  expect(read('')).toBeUndefined();
});

describe('[FRAME-3] refuses as BAD_FRAME', () => {
  test.each([
    '{',
    'null x',
    "{'a':1}",
    '{"a":1,}',
    '\ufeff{}',
    `${'['.repeat(17)}${']'.repeat(17)}`,
    '['.repeat(60_000),
  ])('the text %.20s', (text) => {
    expect(codeOf(() => read(text))).toBe('BAD_FRAME');
  });

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate half', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['every second one zero', [0x7b, 0x00, 0x7d, 0x00]],
  ])('bytes with %s in them', (_, bytes) => {
    expect(codeOf(() => readJsonBody(Uint8Array.from(bytes), json))).toBe('BAD_FRAME');
  });

  test('16 levels are still read', () => {
    expect(codeOf(() => read(`${'['.repeat(16)}${']'.repeat(16)}`))).toBe('nothing was thrown');
  });
});

test.each([
  [{ 'content-type': 'application/json; charset=iso-8859-1' }],
  [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
])('refuses %o as UNSUPPORTED_MEDIA_TYPE', (headers) => {
  expect(codeOf(() => read('{}', headers))).toBe('UNSUPPORTED_MEDIA_TYPE');
});

test('keys that could reach a prototype are left out at every depth', () => {
  const body = read('{"__proto__":{"admin":true},"list":[{"\\u005f_proto__":{"admin":true},"kept":1}]}');
  expect(JSON.stringify(body)).toBe('{"list":[{"kept":1}]}');
  expect(body).not.toHaveProperty('admin');
  expect({}).not.toHaveProperty('admin');
});
