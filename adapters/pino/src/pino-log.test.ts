import { expect, test } from 'vitest';
import { PinoLog, type PinoLogOptions } from './pino-log.ts';

function openLog(level: PinoLogOptions['level'] = 'debug') {
  const lines: string[] = [];
  const log = new PinoLog({ level, fields: { node: 1 }, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: (): unknown => JSON.parse(lines.at(-1) ?? 'null') };
}

const anIsoTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const aStack: unknown = expect.stringContaining('RangeError');

test('a line is one JSON object with level, time, event and fields', () => {
  const { log, last } = openLog();
  log.info('message_sent', { conversation_id: 'grp_1', seq: 7 });
  expect(last()).toEqual({
    level: 'info',
    time: anIsoTime,
    node: 1,
    event: 'message_sent',
    conversation_id: 'grp_1',
    seq: 7,
  });
});

test('lines below the level are not written', () => {
  const { log, lines } = openLog('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines).toHaveLength(2);
});

test.each([
  'authorization',
  'Authorization',
  'token',
  'access_token',
  'refreshToken',
  'password',
  'new_password',
  'code',
  'content',
  'payload',
  'body',
  'ticket',
  'set-cookie',
])('the value of a field named %s is never written, at any depth', (name) => {
  const { log, lines } = openLog();
  const secret = 'hunter2-hunter2';
  log.info('leak', { [name]: secret, list: [{ deep: { deeper: { [name]: { inner: secret } } } }] });
  expect(lines.join()).not.toContain(secret);
  expect(lines.join()).toContain('[redacted]');
});

test('credentials inside sentences, errors and their causes are cut out', () => {
  const { log, lines } = openLog();
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3IifQ.c2lnbmF0dXJl';
  const cause = new Error(`sent ${jwt}`);
  log.error('failed', { error: new Error('header was Bearer abc.def', { cause }) });
  expect(lines.join()).not.toContain(jwt);
  expect(lines.join()).not.toContain('abc.def');
  expect(lines.join()).toContain('sent [redacted]');
});

test('an error keeps its name, message, stack and own fields', () => {
  const { log, last } = openLog();
  log.error('failed', { error: Object.assign(new RangeError('too far'), { applied: 'no', code: 'ERANGE' }) });
  expect(last()).toMatchObject({
    error: {
      name: 'RangeError',
      message: 'too far',
      applied: 'no',
      code: 'ERANGE',
      stack: aStack,
    },
  });
});

test('whatever is given, the line is bounded and nothing throws', () => {
  const { log, lines, last } = openLog();
  const circular: Record<string, unknown> = {
    big: 10n,
    text: 'x'.repeat(1_000_000),
    list: Array(1_000).fill('y'.repeat(100)),
  };
  circular.self = circular;
  const explosive = Object.defineProperty({}, 'field', { enumerable: true, get: () => expect.unreachable() });
  log.warn('odd', { circular, explosive, bytes: new Uint8Array(5), when: new Date(Number.NaN) });
  expect(lines.at(-1)?.length).toBeLessThan(100_000);
  expect(last()).toMatchObject({ bytes: '[5 bytes]', when: 'Invalid Date', circular: { big: '10' } });
});

test('a wide and deep thing with circles is cut off, not walked through', () => {
  const { log, lines } = openLog();
  const nodes = Array.from({ length: 50 }, () => ({ links: [] as object[] }));
  for (const node of nodes) node.links.push(...nodes);
  log.error('failed', { error: Object.assign(new Error('with a graph'), { nodes }) });
  expect(lines.at(-1)?.length).toBeLessThan(50_000);
  expect(lines.at(-1)).toContain('[cut off]');
});
