import type { HistoryLine } from './history.ts';
import type { Report } from './judge.ts';

/** I12 (everything comes to rest after the last fault), I13 (nothing stays behind, nothing escapes). */
export function judgeEnding(history: readonly HistoryLine[], report: Report): void {
  history.forEach((line, index) => {
    if (line.type === 'settled' && line.late.length > 0)
      report('I12', index, `after ${line.waitedMs / 1_000} s: ${line.late.slice(0, 5).join(', ')}`);
    if (line.type === 'left' && Object.keys(line.counts).length > 0)
      report(
        'I13',
        index,
        `left over: ${Object.entries(line.counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}`,
      );
    if (line.type === 'escaped') report('I13', index, line.what);
  });
}
