import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { limit } from '../routes/paging.ts';
import type { Route } from '../routes/route.ts';
import { ROUTES } from '../routes/routes.ts';
import { fieldProblems, readWith } from './field-problems.ts';

const wordsFor = (schema: z.ZodType, input: unknown): string[] => {
  const parsed = readWith(schema, input);
  return parsed.success ? [] : fieldProblems(parsed.error).map(({ field, message }) => `${field} ${message}`);
};

describe('[ERR-2] the problems of a field', () => {
  const schema = z.object({
    name: z.string().min(1).max(3),
    age: z.int().min(1).max(9),
    tags: z.array(z.string()).max(1),
    role: z.enum(['owner', 'member']),
    kind: z.literal('note'),
    code: z.string().regex(/^x$/, 'must be x'),
  });
  const right = { name: 'Ada', age: 3, tags: [], role: 'owner', kind: 'note', code: 'x' };

  it.each([
    ['name is missing', { name: undefined }],
    ['name must be a text', { name: 7 }],
    ['name must have at least 1 character', { name: '' }],
    ['name must have at most 3 characters', { name: 'Augusta' }],
    ['age must be a number', { age: Number.NaN }],
    ['age must be a whole number', { age: 1.5 }],
    ['age must be at most 9', { age: 10 }],
    ['age must be at least 1', { age: 0 }],
    ['tags must be a list', { tags: { length: 1 } }],
    ['tags must have at most 1 item', { tags: ['a', 'b'] }],
    ['role must be one of owner, member', { role: 'king' }],
    ['kind must be note', { kind: 'letter' }],
    ['code must be x', { code: 'y' }],
  ])('a field of the wrong form is told in words: %s', (words, change) => {
    expect(wordsFor(schema, { ...right, ...change })).toEqual([words]);
  });

  it('says of a number in an address that it is written in digits', () => {
    expect(wordsFor(z.object({ limit: limit(10, 50) }), { limit: '1e1' })).toEqual([
      'limit must be a whole number, in digits',
    ]);
  });

  it('are told in our words for every part of every route', () => {
    const rubbish: unknown[] = [undefined, null, 7, Number.NaN, 'text', [], true];
    const told = Object.values<Route>(ROUTES).flatMap(({ params, query, body }) =>
      [params, query, body].flatMap((part) => {
        if (part === undefined) return [];
        const fields = part instanceof z.ZodObject ? Object.keys(part.shape) : [];
        const inputs = [
          ...rubbish,
          ...rubbish.map((value) => Object.fromEntries(fields.map((field) => [field, value]))),
        ];
        return inputs.flatMap((input) => wordsFor(part, input));
      }),
    );
    expect(told.length).toBeGreaterThan(500);
    expect(told.filter((words) => !/ (must|is|has|needs) /.test(words) || /received|NaN/.test(words))).toEqual([]);
  });
});
