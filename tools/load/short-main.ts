import { exitOnSignals } from './children.ts';
import { type BenchResult, median, shown } from './report/figures.ts';
import { runScenario } from './run-scenario.ts';
import { bytes } from './scenarios/bytes.ts';
import { durablePairs } from './scenarios/durable-pairs.ts';
import { roomFanOut } from './scenarios/room-fan-out.ts';
import type { Scenario, Settings } from './scenarios/scenario.ts';

/**
 * The short form of B1, B4 and B11 for the gate, about 25 s: does a message still cost what it did? Nothing is judged that a busy machine makes worse: processor time is
 * set against that of the `ws` floor in the same minute, and bytes are counted. On a quiet machine B1 showed 4.4 to 5.1, 7.2 kB and 344 B, B4 1.7 to 2.1, the store 1.8;
 * beside two busy loops B1 fell to 3.2, as more messages share a turn and a commit. The bounds lie a little under twice that: they catch a frame encoded for each receiver again or a
 * commit for each message, not a few per cent.
 */
const settings = (rounds: number, numbers: Readonly<Record<string, number>>): Settings => ({
  codec: 'binary',
  textBytes: 200,
  rounds,
  warmUpMs: 500,
  durationMs: 1_000,
  processes: 1,
  peers: [],
  beside: undefined,
  numbers: new Map(Object.entries(numbers)),
});

interface Claim {
  readonly name: string;
  readonly value: number;
  readonly bound: number;
}

const roundsOf = (result: BenchResult, id: string): readonly number[] =>
  result.figures.find((one) => one.id === id)?.rounds ?? [];
const figure = (result: BenchResult, id: string): number => median(roundsOf(result, id));
/** The best round: a short run on a machine with other work has bad luck more often than good luck. */
const least = (result: BenchResult, id: string): number => Math.min(...roundsOf(result, id));

exitOnSignals();
const run = (scenario: Scenario, how: Settings): Promise<BenchResult> => runScenario(scenario, how);

const pairs = await run(durablePairs, settings(2, { clients: 200, ceiling: 0 }));
const rooms = await run(roomFanOut, settings(1, { rooms: 10, 'room-size': 50, senders: 8, ceiling: 0 }));
const size = await run(bytes, settings(1, { wire: 0 }));

const claims: readonly Claim[] = [
  { name: 'B1 server CPU a message, to ws', value: least(pairs, 'cpu.ratio'), bound: 8 },
  { name: 'B1 bytes to the disk a message', value: least(pairs, 'disk.written'), bound: 14_000 },
  { name: 'B4 server CPU a delivery, to ws', value: least(rooms, 'cpu.ratio'), bound: 3 },
  { name: 'B11 bytes on the wire a message', value: figure(pairs, 'wire'), bound: 400 },
  // A few thousand messages leave the pages half full; the long form shows what a store comes to.
  { name: 'B11 store to text', value: figure(size, 'store.ratio'), bound: 2.8 },
];

for (const { name, value, bound } of claims) {
  // Elsewhere than on Linux nobody counts what goes to the disk.
  const kept = Number.isNaN(value) || value <= bound;
  process.stdout.write(`${kept ? 'ok  ' : 'FAIL'}  ${name}: ${shown(value)} (at most ${bound})\n`);
  if (!kept) process.exitCode = 1;
}
if (process.exitCode === 1)
  process.stdout.write('A message costs more than it did. To see where: npm run bench -- B1 B4 B11\n');
