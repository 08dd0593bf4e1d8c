import { exitOnSignals } from './children.ts';
import { type BenchResult, median, shown } from './report/figures.ts';
import { runScenario } from './run-scenario.ts';
import { bytes } from './scenarios/bytes.ts';
import { durablePairs } from './scenarios/durable-pairs.ts';
import { roomFanOut } from './scenarios/room-fan-out.ts';
import type { Scenario, Settings } from './scenarios/scenario.ts';

/**
 * The short form of B1, B4 and B11 for the gate, about 30 s: is Parley still as fast as it was, measured against what this machine does in the same minute? Only ratios
 * to the floors are judged, never times. The bounds lie far below what a quiet machine shows: they catch a lost group commit or a frame encoded for each receiver
 * again, not a few per cent.
 */
const settings = (durationMs: number, numbers: Readonly<Record<string, number>> = {}): Settings => ({
  codec: 'binary',
  textBytes: 200,
  rounds: 3,
  warmUpMs: 500,
  durationMs,
  processes: 1,
  peers: [],
  numbers: new Map(Object.entries(numbers)),
});

interface Claim {
  readonly name: string;
  readonly value: number;
  readonly bound: number;
  readonly holds: 'at least' | 'at most';
}

const figure = (result: BenchResult, id: string): number =>
  median(result.figures.find((one) => one.id === id)?.rounds ?? []);
/** The best round: a short run on a machine with other work has bad luck more often than good luck. */
const best = (result: BenchResult, id: string): number =>
  Math.max(...(result.figures.find((one) => one.id === id)?.rounds ?? [Number.NaN]));

/**
 * The rate of B1 that sockets and disk of this machine allow when nothing else costs anything and each turn of all clients waits for one flush: a slow disk is not
 * Parley's fault.
 */
function pairsFloor(result: BenchResult, clients: number): number {
  const turnSeconds = clients / figure(result, 'floor.ws') + figure(result, 'disk.p50') / 1_000;
  return clients / turnSeconds;
}

exitOnSignals();
const CLIENTS = 200;
const run = (scenario: Scenario, how: Settings): Promise<BenchResult> => runScenario(scenario, how);

const pairs = await run(durablePairs, settings(1_500, { clients: CLIENTS }));
const rooms = await run(roomFanOut, settings(1_500, { rooms: 10, 'room-size': 50, senders: 8 }));
const size = await run(bytes, settings(2_000));

const claims: readonly Claim[] = [
  {
    name: 'B1 durable pairs, ratio to sockets and flush',
    value: best(pairs, 'rate') / pairsFloor(pairs, CLIENTS),
    bound: 0.05,
    holds: 'at least',
  },
  { name: 'B4 room fan-out, ratio to ws', value: best(rooms, 'ratio'), bound: 0.15, holds: 'at least' },
  { name: 'B11 wire below JSON, %', value: figure(size, 'wire.saved'), bound: 35, holds: 'at least' },
  // A few thousand messages leave the pages half full; the long form shows what a store comes to.
  { name: 'B11 store to text', value: figure(size, 'store.ratio'), bound: 2.6, holds: 'at most' },
];

for (const { name, value, bound, holds } of claims) {
  const kept = holds === 'at least' ? value >= bound : value <= bound;
  process.stdout.write(`${kept ? 'ok  ' : 'FAIL'}  ${name}: ${shown(value)} (${holds} ${bound})\n`);
  if (!kept) process.exitCode = 1;
}
if (process.exitCode === 1)
  process.stdout.write('Parley became slower or larger than it was. To see where: npm run bench -- B1 B4 B11\n');
