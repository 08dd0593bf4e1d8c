import type { HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';

/** Two heartbeats (CONN-6), and a moment. */
const DEAD_NOTICED_WITHIN_MS = 61_000;

/** I12 (everything comes to rest after the last fault, and a dead line is noticed in time), I13 (nothing stays behind, nothing escapes). */
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
  judgeDeadLines(history, report);
}

function judgeDeadLines(history: readonly HistoryLine[], report: Report): void {
  const dead = new Map<string, LineOf<'dead'>>();
  history.forEach((line, index) => {
    if (line.type === 'dead') dead.set(line.connection, line);
    // Whoever is gone notices nothing any more.
    if (line.type === 'killed')
      for (const [connection, { device }] of dead) if (device === line.device) dead.delete(connection);
    for (const [connection, { at, device }] of dead) {
      if (line.at - at <= DEAD_NOTICED_WITHIN_MS) continue;
      dead.delete(connection);
      report(
        'I12',
        index,
        `${device} has not noticed within ${DEAD_NOTICED_WITHIN_MS / 1_000} s that ${connection} is dead`,
      );
    }
    if (line.type === 'closed') dead.delete(line.connection);
  });
}
