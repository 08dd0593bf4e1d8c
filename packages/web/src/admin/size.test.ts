import { expect, test } from 'vitest';
import { size } from './size.ts';

test.each([
  [0, '0 kB'],
  [163_840, '164 kB'],
  [2_500_000, '2.5 MB'],
  [123_456_789_012, '123 GB'],
])('%i bytes are shown as %j', (bytes, words) => expect(size(bytes, 'en')).toBe(words));
