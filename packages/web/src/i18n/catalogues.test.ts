import { compileMessage } from '@lingui/message-utils/compileMessage';
import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { mirrored } from './mirrored.ts';

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
