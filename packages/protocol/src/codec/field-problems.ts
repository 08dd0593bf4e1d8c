import type { z } from 'zod';
import type { FieldProblem } from './codec.ts';

const FIELD_PROBLEMS_MAX = 20;
const NAMES_MAX = 10;

/** Reads untrusted input with a schema; what is wrong with it is said in words for people, unless the schema has words of its own. */
export const readWith = <T>(schema: z.ZodType<T>, input: unknown): z.ZodSafeParseResult<T> =>
  schema.safeParse(input, { error: wordsOf });

/** The problems of a failed parse, as paths and sentences without their subject; bounded. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues
    .slice(0, FIELD_PROBLEMS_MAX)
    .map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
};

const UNIT_WORDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  object: ['field', 'fields'],
};

const bounded = (origin: string, bound: string, limit: number | bigint): string => {
  const units = UNIT_WORDS[origin];
  return units === undefined
    ? `must be ${bound} ${limit}`
    : `must have ${bound} ${limit} ${units[Number(limit) === 1 ? 0 : 1]}`;
};

const listed = (values: readonly unknown[]): string => values.slice(0, NAMES_MAX).map(String).join(', ');

function wordsOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return bounded(issue.origin, 'at most', issue.maximum);
    case 'too_small':
      return bounded(issue.origin, 'at least', issue.minimum);
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${listed(issue.values)}` : `must be one of ${listed(issue.values)}`;
    case 'invalid_format':
      return `must be written as ${issue.format}`;
    case 'unrecognized_keys':
      return `has fields that do not exist: ${listed(issue.keys)}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) && issue.options.length > 0
        ? `must be one of ${listed(issue.options)}`
        : 'is not of a form that is taken here';
    default:
      return 'is not of a form that is taken here';
  }
}
