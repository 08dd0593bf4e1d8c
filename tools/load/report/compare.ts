import { readFileSync } from 'node:fs';
import { type BenchResult, median, shown } from './figures.ts';

/** Below this a difference is as likely the machine's mood as the change. */
const NOISE = 0.05;

function read(path: string): readonly BenchResult[] {
  // The cast holds for files that the bench wrote; any other one shows up as missing figures.
  return JSON.parse(readFileSync(path, 'utf8')) as BenchResult[];
}

/** Two result files side by side: each figure that both have, and how the second stands to the first. */
export function compareFiles(onePath: string, otherPath: string): string {
  const others = new Map(read(otherPath).map((result) => [result.scenario, result]));
  const lines: string[] = [];
  for (const one of read(onePath)) {
    const other = others.get(one.scenario);
    if (other === undefined) continue;
    lines.push(`${one.scenario} ${one.title}: ${one.machine.commit} → ${other.machine.commit}`);
    const theirs = new Map(other.figures.map((figure) => [figure.id, figure]));
    for (const { id, label, unit, better, rounds } of one.figures) {
      const figure = theirs.get(id);
      if (figure === undefined) continue;
      const [before, after] = [median(rounds), median(figure.rounds)];
      const ratio = after / before;
      const verdict =
        better === 'neither' || Math.abs(ratio - 1) < NOISE
          ? ''
          : ratio > 1 === (better === 'more')
            ? 'better'
            : 'worse';
      lines.push(
        `  ${label.padEnd(52)} ${shown(before).padStart(10)} → ${shown(after).padStart(10)} ${unit.padEnd(14)} ×${ratio.toFixed(2)} ${verdict}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
