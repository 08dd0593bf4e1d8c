import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['**bold** and *lean* and ~~gone~~', 'bold and lean and gone'],
  ['> quoted\n- first\n- second', 'quoted first second'],
  ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ['[a link](https://example.org)', 'a link'],
  ['2 * 3 * 4 = 24', '2 * 3 * 4 = 24'],
  ['snake_case_name', 'snake_case_name'],
])('%j is shown in one line as %j', (text, line) => expect(plainText(text)).toBe(line));
