import { expect, test } from 'vitest';
import { queryAt } from './use-mentions.ts';

test.each([
  ['Hello @be', 9, { from: 6, query: 'be' }],
  ['@', 1, { from: 0, query: '' }],
  ['Hello @ben how', 10, { from: 6, query: 'ben' }],
  ['mail@example', 12, null],
  ['@ben and', 8, null],
])('in %j with the cursor at %i', (text, caret, found) => expect(queryAt(text, caret)).toEqual(found));
