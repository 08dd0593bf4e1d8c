import type { FilledBuckets, Quantiles } from '../measure/histogram.ts';
import type { Machine } from '../measure/machine.ts';

/** One number of a result, with every round's value: the middle one is the figure, the others tell how steady it is. */
export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Which way is better; `neither`: it explains others. */
  readonly better: 'more' | 'less' | 'neither';
  readonly rounds: readonly number[];
}

/** What a scenario measured: printed as a table, kept as JSON, compared with another run. */
export interface BenchResult {
  readonly scenario: string;
  readonly title: string;
  /** What is counted, in plain words. */
  readonly about: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly figures: readonly Figure[];
  readonly histograms: Readonly<Record<string, FilledBuckets>>;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Collects the values of a figure round by round, in the order in which figures are first named. */
export class FigureBook {
  readonly #figures = new Map<string, Figure & { readonly rounds: number[] }>();

  add(id: string, label: string, unit: string, better: Figure['better'], value: number): void {
    const figure = this.#figures.get(id) ?? { id, label, unit, better, rounds: [] };
    figure.rounds.push(value);
    this.#figures.set(id, figure);
  }

  /** Latencies come in µs and are shown in ms. */
  addQuantiles(id: string, label: string, { p50, p99, p999, max }: Quantiles): void {
    for (const [name, value] of Object.entries({ p50, p99, 'p99.9': p999, max }))
      this.add(`${id}.${name}`, `${label} ${name}`, 'ms', 'less', value / 1_000);
  }

  figures(): readonly Figure[] {
    return [...this.#figures.values()];
  }
}

export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** The result as lines: a figure, its median, the smallest and largest round. */
export function tableOf(result: BenchResult): string {
  const rows = result.figures.map(({ label, unit, rounds }) => [
    label,
    shown(median(rounds)),
    unit,
    rounds.length > 1 ? `${shown(Math.min(...rounds))} … ${shown(Math.max(...rounds))}` : '',
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map(
    ([label = '', value = '', unit = '', range = '']) =>
      `  ${label.padEnd(width(0))}  ${value.padStart(width(1))} ${unit.padEnd(width(2))}  ${range}`,
  );
  const { machine } = result;
  return [
    `${result.scenario} ${result.title}`,
    `  ${result.about}`,
    `  ${machine.cores} cores of ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ${machine.openFilesMax} open files, commit ${machine.commit}`,
    ...lines,
    '',
  ].join('\n');
}
