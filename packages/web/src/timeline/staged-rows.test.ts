import { expect, test } from 'vitest';
import { nextRows } from './staged-rows.ts';
import type { TimelineRow } from './timeline-rows.ts';

// The cast holds for what is tested: steps look at keys only.
const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ key: `k${from + index}` })) as unknown as TimelineRow[];
const keys = (list: readonly TimelineRow[]) => [list[0]?.key, list.at(-1)?.key, list.length];

test('rows that go at the start are gone before others come at the end', () => {
  const [before, after] = [rows(1, 100), rows(51, 150)];
  const between = nextRows(after, before);
  expect(keys(between)).toEqual(['k51', 'k100', 50]);
  expect(nextRows(after, between)).toBe(after);
});

test('rows that go at the end are gone before others come at the start', () => {
  const [before, after] = [rows(51, 150), rows(1, 100)];
  const between = nextRows(after, before);
  expect(keys(between)).toEqual(['k51', 'k100', 50]);
  expect(nextRows(after, between)).toBe(after);
});

test('all other changes are one step', () => {
  const before = rows(51, 100);
  for (const after of [rows(1, 100), rows(51, 150), rows(60, 100), rows(51, 90), rows(200, 250)])
    expect(nextRows(after, before)).toBe(after);
});
