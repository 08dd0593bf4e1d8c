import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replyEnd, respCommand } from './resp-wire.ts';

test('a command reads back as its parts, and no cut of it is taken for the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { minLength: 1, maxLength: 6 }), fc.nat(), (parts, cut) => {
      const bytes = respCommand(...parts);
      const found: Buffer[] = [];
      expect(replyEnd(bytes, 0, (start, end) => found.push(bytes.subarray(start, end)))).toBe(bytes.length);
      expect(found.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
      expect(replyEnd(bytes.subarray(0, cut % bytes.length), 0)).toBe(-1);
    }),
  );
});
