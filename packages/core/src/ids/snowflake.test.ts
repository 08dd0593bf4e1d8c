import { idNumber } from '@parley/protocol';
import { FakeClock, SeededRandom } from '@parley/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds, NODE_NUMBER_MAX, snowflakes } from './snowflake.ts';

const FIRST_MOMENT_MS = Date.UTC(2025, 0, 1);

describe('snowflakes', () => {
  it('ascend strictly, whatever the clock does and however many fall into one millisecond', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 50 }), fc.nat(), (jumps, seed) => {
        let now = FIRST_MOMENT_MS + 10_000;
        const clock = { now: () => now, after: () => () => {} };
        const next = snowflakes({ clock, random: new SeededRandom(seed), nodeNumber: 7 });
        let last = -1n;
        for (const jumpMs of jumps) {
          now += jumpMs;
          for (let count = 0; count < 100; count += 1) {
            const number = next();
            expect(number > last).toBe(true);
            last = number;
          }
        }
      }),
    );
  });

  it('borrow the next millisecond when one is full', () => {
    const clock = new FakeClock(FIRST_MOMENT_MS + 5);
    const next = snowflakes({ clock, random: { fraction: () => 0, bytes: () => new Uint8Array() }, nodeNumber: 0 });
    const numbers = Array.from({ length: 4_097 }, next);
    expect(numbers[0]).toBe(5n << 22n);
    expect(numbers[4_095]).toBe((5n << 22n) | 4_095n);
    expect(numbers[4_096]).toBe(6n << 22n);
  });

  it('hold time, node and sequence in 63 bits', () => {
    const clock = new FakeClock(FIRST_MOMENT_MS + 2 ** 41 - 1);
    const random = { fraction: () => 0, bytes: () => new Uint8Array() };
    const last = snowflakes({ clock, random, nodeNumber: NODE_NUMBER_MAX })();
    expect(last).toBe((1n << 63n) - 1n - 4_095n);
  });

  it('of two nodes never meet', () => {
    const [clock, random] = [new FakeClock(), { fraction: () => 0, bytes: () => new Uint8Array() }];
    const [one, two] = [0, 1].map((nodeNumber) => createIds({ clock, random, nodeNumber }));
    const ids = Array.from({ length: 5_000 }, () => [one?.messageId(), two?.messageId()]).flat();
    expect(new Set(ids).size).toBe(10_000);
  });

  it('refuse a node number that does not fit', () => {
    const [clock, random] = [new FakeClock(), new SeededRandom(1)];
    for (const nodeNumber of [-1, 1_024, 0.5]) {
      expect(() => createIds({ clock, random, nodeNumber })).toThrow(RangeError);
    }
    const ids = createIds({ clock, random, nodeNumber: 1_023 });
    expect((idNumber(ids.userId()) >> 12n) & 1_023n).toBe(1_023n);
  });
});
