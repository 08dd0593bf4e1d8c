import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FilledBuckets, Histogram } from './measure/histogram.ts';
import { type BenchResult, median } from './report/figures.ts';
import { type Line, svgOf } from './report/svg-chart.ts';

/**
 * Draws the graphs of docs/performance.md from result files of the bench: `bin/run tools/load/graphs-main.ts docs/performance *.json`. B1 and B3 give latencies, B1 at several
 * `--clients` the rate against connections, B6 the memory against connections. What no file holds is not drawn.
 */
const [folder = 'docs/performance', ...files] = process.argv.slice(2);
// The cast holds for files that the bench wrote.
const results = files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchResult[]);
const of = (scenario: string): BenchResult[] => results.filter((result) => result.scenario === scenario);
const figureOf = (result: BenchResult, id: string): number =>
  median(result.figures.find((figure) => figure.id === id)?.rounds ?? []);

mkdirSync(folder, { recursive: true });
const draw = (name: string, chart: Parameters<typeof svgOf>[0]): void => {
  if (chart.lines.some(({ points }) => points.length > 1)) writeFileSync(join(folder, `${name}.svg`), svgOf(chart));
};

/** "Nines" on a logarithmic axis: 0.9 stands at 10, 0.99 at 100. */
const NINES = [1, 2, 10, 100, 1_000, 10_000];
const shareName = (nines: number): string => (nines === 1 ? '0' : `${Number((100 - 100 / nines).toFixed(3))} %`);

function quantileLine(name: string, buckets: FilledBuckets | undefined): Line {
  if (buckets === undefined) return { name, points: [] };
  const histogram = Histogram.of(buckets);
  const points: [number, number][] = [];
  for (let nines = 1.02; nines <= Math.min(10_000, histogram.total); nines *= 1.1)
    points.push([nines, Math.max(histogram.quantile(1 - 1 / nines) / 1_000, 0.1)]);
  return { name, points };
}

for (const scenario of ['B1', 'B3'] as const) {
  const result = of(scenario)[0];
  if (result === undefined) continue;
  draw(`latency-${scenario.toLowerCase()}`, {
    title: `${scenario} ${result.title}: latency up to a share of the messages`,
    x: { label: 'share of the messages', scale: 'log', ticks: NINES, name: shareName },
    y: { label: 'ms', scale: 'log', ticks: [0.1, 1, 10, 100, 1_000, 10_000] },
    lines: [
      quantileLine('acknowledged', result.histograms.acknowledged),
      quantileLine('delivered', result.histograms.delivered),
    ],
  });
}

const pairs = of('B1').sort((one, other) => Number(one.settings.clients) - Number(other.settings.clients));
const topRate = Math.max(...pairs.map((result) => figureOf(result, 'floor.ws')), 10_000);
draw('rate-against-connections', {
  title: 'B1 durable pairs: rate against connections, one message in flight each',
  x: { label: 'connections', scale: 'log', ticks: [10, 100, 1_000, 10_000] },
  y: {
    label: 'messages/s',
    scale: 'linear',
    ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => Math.ceil(topRate / 20_000) * 20_000 * share),
  },
  lines: [
    {
      name: 'Parley, durable',
      points: pairs.map((result) => [Number(result.settings.clients), figureOf(result, 'rate')]),
    },
    {
      name: 'floor: ws, nothing stored',
      points: pairs.map((result) => [Number(result.settings.clients), figureOf(result, 'floor.ws')]),
    },
  ],
});

const idle = of('B6')[0];
const memory = (idle?.figures ?? []).flatMap(({ id, rounds }) =>
  id.startsWith('memory.at.') ? [[Number(id.slice('memory.at.'.length)), median(rounds)] as const] : [],
);
const topMemory = Math.ceil(Math.max(...memory.map(([, mib]) => mib), 100) / 100) * 100;
draw('memory-against-connections', {
  title: 'B6 idle density: resident memory of the server against connections',
  x: { label: 'connections', scale: 'linear', ticks: [0, 5_000, 10_000, 15_000, 20_000] },
  y: { label: 'MiB', scale: 'linear', ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => topMemory * share) },
  lines: [{ name: 'server process, resident', points: memory }],
});
