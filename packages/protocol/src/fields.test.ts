import { describe, expect, it } from 'vitest';
import { humanText, isHumanText } from './fields.ts';

/** The UTF-16 units that a text for people may hold, as its description has it: without the control characters but tab and line breaks, and without half a pair. */
const allowed = (unit: number): boolean => {
  if (unit < 0x20) return unit === 0x09 || unit === 0x0a || unit === 0x0d;
  return !(unit >= 0x7f && unit <= 0x9f) && !(unit >= 0xd800 && unit <= 0xdfff);
};

describe('text for people', () => {
  it('[SEND-7] each of the 65,536 units is taken or refused as described, wherever it stands', () => {
    const schema = humanText(1, 10);
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const character = String.fromCharCode(unit);
      const taken = [`${character}ab`, `ab${character}`].map((text) => isHumanText(text, 1, 10));
      expect([unit, ...taken]).toEqual([unit, allowed(unit), allowed(unit)]);
      if (unit < 0x200) expect([unit, schema.safeParse(`a${character}b`).success]).toEqual([unit, allowed(unit)]);
    }
    expect(isHumanText('a\u{1f600}b', 1, 10)).toBe(true);
  });

  it('[SEND-7] a blank text is no text, where one has to be there', () => {
    expect([isHumanText(' \n\u00a0', 1, 10), isHumanText(' ', 0, 10), isHumanText('', 0, 10)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
