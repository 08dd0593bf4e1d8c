import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

test('[ACCT-2] writes one object a line', async () => {
  async function* items() {
    yield { a: 'one\ntwo' };
    yield { b: '👋' };
  }
  const chunks: Buffer[] = [];
  // The cast holds: a stream without an encoding gives buffers.
  for await (const chunk of jsonLines(items()) as AsyncIterable<Buffer>) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('{"a":"one\\ntwo"}\n{"b":"👋"}\n');
});

test('[ACCT-2] asks for no more than the reader takes, and stops when the reader goes', async () => {
  let asked = 0;
  let ended = false;
  async function* endless() {
    try {
      for (;;) {
        asked += 1;
        yield { text: 'x'.repeat(10_000) };
      }
    } finally {
      ended = true;
    }
  }
  const stream = jsonLines(endless());
  stream.read();
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  const askedBeforeReading = asked;
  expect(askedBeforeReading).toBeGreaterThan(0);
  expect(askedBeforeReading).toBeLessThan(12);
  stream.destroy();
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  expect(ended).toBe(true);
  expect(asked).toBe(askedBeforeReading);
});
