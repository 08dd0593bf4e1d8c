import type { TimelineRow } from './timeline-rows.ts';

/** How many rows were put before the first one that was there; 0 when it is gone or still the first. */
export function rowsBefore(rows: readonly TimelineRow[], before: readonly TimelineRow[]): number {
  const first = before[0]?.key;
  if (first === undefined || rows[0]?.key === first) return 0;
  return Math.max(
    0,
    rows.findIndex((row) => row.key === first),
  );
}
