import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FilledBuckets, Histogram, topOf } from './measure/histogram.ts';
import { type BenchResult, median, shown } from './report/figures.ts';
import { type Chart, type Line, roundTicks, svgOf } from './report/svg-chart.ts';

/**
 * Draws the graphs of docs/performance.md from result files of the bench: `bin/run tools/load/graphs-main.ts docs/performance *.json`. B1 and B3 give latencies, B1 at several
 * `--clients` the rate against connections, B6 the memory against connections. What no file holds is not drawn. Beside each graph stand its numbers as JSON.
 */
const [folder = 'docs/performance', ...files] = process.argv.slice(2);
// The cast holds for files that the bench wrote.
const results = files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchResult[]);
const of = (scenario: string): BenchResult[] => results.filter((result) => result.scenario === scenario);
const figureOf = (result: BenchResult, id: string): number =>
  median(result.figures.find((figure) => figure.id === id)?.rounds ?? []);
const machineOf = ({ machine, startedAt }: BenchResult): string =>
  `${machine.cores} cores of ${machine.processor} with the driver on them, Node ${machine.node}, ${startedAt.slice(0, 10)}`;

mkdirSync(folder, { recursive: true });
function draw(name: string, chart: Chart): void {
  if (!chart.lines.some(({ points }) => points.length > 1)) return;
  writeFileSync(join(folder, `${name}.svg`), svgOf(chart));
  const { title, notes, x, y, lines, marks } = chart;
  const rounded = lines.map(({ name: line, points }) => ({
    name: line,
    points: points.map((point) => point.map((value) => Number(value.toPrecision(4)))),
  }));
  const numbers = { title, notes, x: x.label, y: y.label, lines: rounded, ...(marks && { marks }) };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(numbers)}\n`);
}

/** Columns of the histograms: so many from one power of ten to the next. */
const COLUMNS_A_DECADE = 20;
const TICKS_MS = [0.1, 1, 10, 100, 1_000];

/** What share of all lies in each column, at the middle of the column. */
function sharesOf(name: string, filled: FilledBuckets): Line {
  const shares = new Map<number, number>();
  const { total } = Histogram.of(filled);
  for (const [bucket, count] of filled.buckets) {
    const column = Math.floor(Math.log10(Math.max(topOf(bucket), 1) / 1_000) * COLUMNS_A_DECADE);
    shares.set(column, (shares.get(column) ?? 0) + (count * 100) / total);
  }
  const columns = [...shares.keys()];
  const [first, last] = [Math.min(...columns) - 1, Math.max(...columns) + 1];
  const points = Array.from({ length: last - first + 1 }, (_, index) => {
    const column = first + index;
    return [10 ** ((column + 0.5) / COLUMNS_A_DECADE), shares.get(column) ?? 0] as const;
  });
  return { name, points, filled: true };
}

for (const [scenario, what] of [
  ['B1', '200 clients in pairs, one message in flight each'],
  ['B3', 'messages at a fixed rate, from the moment at which each was to be sent'],
] as const) {
  const result = of(scenario).find(({ settings }) => scenario === 'B3' || settings.clients === 200) ?? of(scenario)[0];
  const { delivered, acknowledged } = result?.histograms ?? {};
  if (result === undefined || delivered === undefined || acknowledged === undefined) continue;
  const lines = [sharesOf('acknowledged, durable', acknowledged), sharesOf('delivered', delivered)];
  const { p50, p99, p999 } = Histogram.of(delivered).quantiles();
  const marks = Object.entries({ p50, p99, 'p99.9': p999 }).map(([name, us]) => ({
    x: us / 1_000,
    name: `${name} ${shown(us / 1_000)} ms`,
  }));
  draw(`latency-${scenario.toLowerCase()}`, {
    title: `Latency of ${Math.round(figureOf(result, 'rate')).toLocaleString('en-US')} messages/s (${scenario})`,
    notes: [what, machineOf(result)],
    x: { label: 'ms from sending to the answer', scale: 'log', ticks: TICKS_MS },
    y: {
      label: '% of the messages in each column',
      scale: 'linear',
      ticks: roundTicks(Math.max(...lines.flatMap(({ points }) => points.map(([, share]) => share))) * 1.05),
    },
    lines,
    marks,
  });
}

const pairs = of('B1').sort((one, other) => Number(one.settings.clients) - Number(other.settings.clients));
const [anyPairs] = pairs;
if (anyPairs !== undefined) {
  const lineOf = (name: string, id: string): Line => ({
    name,
    points: pairs.map((result) => [Number(result.settings.clients), figureOf(result, id)] as const),
  });
  const lines = [lineOf('Parley, durable and delivered', 'rate'), lineOf('floor: ws, nothing stored', 'floor.ws')];
  draw('rate-against-connections', {
    title: 'Messages a second against connections (B1)',
    notes: ['clients in pairs, one message in flight each', machineOf(anyPairs)],
    x: { label: 'connections', scale: 'log', ticks: [10, 50, 200, 1_000] },
    y: {
      label: 'messages/s',
      scale: 'linear',
      ticks: roundTicks(Math.max(...lines.flatMap(({ points }) => points.map(([, rate]) => rate)))),
    },
    lines,
  });
}

const idle = of('B6');
const [anyIdle] = idle;
if (anyIdle !== undefined) {
  const points = idle
    .flatMap(({ figures }) => figures)
    .flatMap(({ id, rounds }) => {
      if (id === 'memory.idle') return [[0, median(rounds)] as const];
      return id.startsWith('memory.at.') ? [[Number(id.slice('memory.at.'.length)), median(rounds)] as const] : [];
    })
    .sort(([one], [other]) => one - other);
  draw('memory-against-connections', {
    title: 'Memory of the server against idle connections (B6)',
    notes: ['authenticated and live, a heartbeat every 25 s', machineOf(anyIdle)],
    x: { label: 'connections', scale: 'linear', ticks: roundTicks(Math.max(...points.map(([at]) => at))) },
    y: { label: 'MiB resident', scale: 'linear', ticks: roundTicks(Math.max(...points.map(([, mib]) => mib))) },
    lines: [{ name: 'server process', points }],
  });
}
