import { readdirSync, readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { ERROR_CODES } from '@parley/protocol';
import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { isFirstWord } from './first-words.ts';
import { mirrored } from './mirrored.ts';
import { REFUSAL_WORDS } from './refusal-words.ts';

/** Names of the values that a compiled message takes. */
function valuesOf(message: unknown): string[] {
  if (!Array.isArray(message)) return [];
  return message.flatMap((part: unknown) => {
    if (!Array.isArray(part)) return [];
    const [name, , cases] = part as readonly unknown[];
    const inside = typeof cases === 'object' && cases !== null ? Object.values(cases).flatMap(valuesOf) : [];
    return [String(name), ...inside];
  });
}

const values = (text: string): string[] => [...new Set(valuesOf(compileMessage(text)))].sort();

test('every translation takes the same values as the English it stands for', () => {
  const different = Object.entries(en).filter(
    ([id, text]) => values(text).join() !== values(de[id as keyof typeof en]).join(),
  );
  expect(different).toEqual([]);
});

test('English written from right to left takes the same values', () => {
  const compiled = Object.fromEntries(Object.entries(en).map(([id, text]) => [id, compileMessage(text)]));
  const turned: Readonly<Record<string, unknown>> = mirrored(compiled);
  for (const [id, message] of Object.entries(compiled))
    expect([id, valuesOf(turned[id]).sort()]).toEqual([id, valuesOf(message).sort()]);
});

test('all that is said before somebody is logged in is among the first words', () => {
  const folder = new URL('../', import.meta.url);
  const files = ['app/starting.tsx', 'app/error-boundary.tsx', 'app/not-started.tsx', 'app/use-task.ts'];
  files.push(...['log-in-form', 'register-form', 'account-fields', 'sign-in'].map((name) => `sign-in/${name}.tsx`));
  files.push(...readdirSync(new URL('connection', folder)).map((name) => `connection/${name}`));
  const words = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/[tT]ext\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? ''),
  );
  expect(words.length).toBeGreaterThan(20);
  expect(words.filter((id) => !isFirstWord(id) && !/^(?:waiting|row)\./.test(id))).toEqual([]);
});

test('every refusal that the protocol knows has words in every language', () => {
  const without = ERROR_CODES.filter((code) => {
    const id = REFUSAL_WORDS[code];
    return en[id] === undefined || de[id] === undefined || en[id] === de[id] || !isFirstWord(id);
  });
  expect(without).toEqual([]);
});
