import { useLayoutEffect, useReducer, useRef } from 'react';
import { rowsBefore } from './rows-before.ts';
import type { TimelineRow } from './timeline-rows.ts';

/**
 * What is drawn next. The virtual list keeps its place when rows come or go at the start, or at the end, but it knows them by their number: where as many
 * go at one end as come at the other, which is what happens at the bound of what is held, it would see no change. So what goes goes first.
 */
export function nextRows(rows: readonly TimelineRow[], drawn: readonly TimelineRow[]): readonly TimelineRow[] {
  const gone = rowsBefore(drawn, rows);
  const kept = drawn.length - gone;
  if (gone > 0 && rows.length > kept && rows[kept - 1]?.key === drawn.at(-1)?.key) return rows.slice(0, kept);
  const added = rowsBefore(rows, drawn);
  if (added > 0 && rows.length - added < drawn.length) return rows.slice(added);
  return rows;
}

/** The rows in steps that the virtual list understands, one drawing a step. */
export function useStagedRows(rows: readonly TimelineRow[]): readonly TimelineRow[] {
  const drawn = useRef(rows);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const next = nextRows(rows, drawn.current);
  useLayoutEffect(() => {
    drawn.current = next;
    if (next !== rows) drawAgain();
  });
  return next;
}
