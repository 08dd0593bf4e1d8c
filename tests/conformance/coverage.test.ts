import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WRITTEN_CLOSES, WRITTEN_ERRORS, WRITTEN_RULES } from './kit/protocol-page.ts';
import { PARTLY_SEEN } from './partly-seen.ts';

const here = new URL('.', import.meta.url);
const files = [...readdirSync(new URL('chapters', here)).map((name) => `chapters/${name}`), 'configured.test.ts'];
const tests = files.map((name) => readFileSync(new URL(name, here), 'utf8'));
const titles = tests.flatMap((text) =>
  [...text.matchAll(/^\s*(?:test|\]\))[^\n]*?\((['"`])(\[.*?)\1/gms)].map((match) => match[2] ?? ''),
);
const tested = new Set(titles.flatMap((title) => [...title.matchAll(/\[([A-Z]+-\d+)\]/g)].map(([, id = '']) => id)));

test('every rule of docs/protocol.md has a conformance test, and every tested rule is written', () => {
  expect(WRITTEN_RULES.length).toBeGreaterThan(90);
  expect(WRITTEN_RULES.filter((id) => !tested.has(id))).toEqual([]);
  expect([...tested].filter((id) => !WRITTEN_RULES.includes(id))).toEqual([]);
  expect(Object.keys(PARTLY_SEEN).filter((id) => !WRITTEN_RULES.includes(id))).toEqual([]);
  console.log(
    `Conformance: ${tested.size} of ${WRITTEN_RULES.length} rules tested on the wire by ${titles.length} tests; of ${Object.keys(PARTLY_SEEN).length} of them a part cannot be seen from outside.`,
  );
});

test('the tables of errors and close codes can be read', () => {
  expect(WRITTEN_ERRORS.size).toBeGreaterThan(20);
  expect(WRITTEN_CLOSES.size).toBeGreaterThan(10);
});
