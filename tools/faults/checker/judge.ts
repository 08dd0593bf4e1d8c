import type { HistoryLine } from './history.ts';
import { judgeEnding } from './judge-ending.ts';
import { judgeLogs } from './judge-logs.ts';
import { judgeReceipts } from './judge-receipts.ts';
import { judgeShown } from './judge-shown.ts';
import { judgeViews } from './judge-views.ts';
import { judgeWire } from './judge-wire.ts';

/** What the checker holds a history to. The sentences are in docs/proof.md. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I12' | 'I13' | 'I14';

export interface Violation {
  readonly invariant: Invariant;
  /** Index of the first line of the history that shows it. */
  readonly line: number;
  readonly what: string;
}

/** A rule of the checker: reads the whole history and reports what breaks it. */
export type Judge = (history: readonly HistoryLine[], report: Report) => void;
export type Report = (invariant: Invariant, line: number, what: string) => void;

const JUDGES: readonly Judge[] = [judgeEnding, judgeLogs, judgeWire, judgeShown, judgeViews, judgeReceipts];
const VIOLATIONS_MAX = 50;

/** All that a history breaks, the earliest line first; empty: nothing. Pure. */
export function judge(history: readonly HistoryLine[]): Violation[] {
  const violations: Violation[] = [];
  const report: Report = (invariant, line, what) => {
    if (violations.length < VIOLATIONS_MAX) violations.push({ invariant, line, what });
  };
  for (const one of JUDGES) one(history, report);
  return violations.sort((one, other) => one.line - other.line);
}

const LINES_AROUND = 6;
const LINE_LENGTH_MAX = 220;

/** A violation with the lines of history around it that concern the same conversation or device. */
export function explain(history: readonly HistoryLine[], violation: Violation): string {
  const broken = history[violation.line];
  const conversation = broken !== undefined && 'conversation' in broken ? broken.conversation : undefined;
  const concerns = (line: HistoryLine): boolean =>
    line === broken ||
    line.type === 'fault' ||
    conversation === undefined ||
    ('conversation' in line && line.conversation === conversation);
  const near = history.map((line, index) => ({ line, index })).filter(({ line }) => concerns(line));
  const middle = near.findIndex(({ index }) => index >= violation.line);
  const shown = near.slice(Math.max(0, middle - LINES_AROUND), middle + 3).map(({ line, index }) => {
    const text = JSON.stringify(line);
    const mark = index === violation.line ? '>' : ' ';
    return `${mark} ${index} ${text.length > LINE_LENGTH_MAX ? `${text.slice(0, LINE_LENGTH_MAX)}…` : text}`;
  });
  return [`${violation.invariant}: ${violation.what}`, ...shown].join('\n');
}
