import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fleet, processesFor } from '../driver/fleet.ts';
import type { Seat, Work } from '../driver/plan.ts';
import { type FloorLibrary, type FloorProcess, floorSeats, startFloor } from '../floors/floor-process.ts';
import { measureDisk } from '../measure/disk-floor.ts';
import { Histogram } from '../measure/histogram.ts';
import { PEERS, type PeerName } from '../peers/peers.ts';
import { startServer } from '../server-process.ts';
import { makeWorld, type World, type WorldPlan } from '../world/world.ts';
import { type Measurement, measure, quantilesOf } from './measurement.ts';
import type { Stage } from './scenario.ts';

/** Between connecting and the first round: a server that is idle for 5 s gives back what the rush of connections has left in its heap (a tenth of a second in which it takes a core). */
const REST_MS = 7_000;

/** A scenario in which people send each other messages: Parley and the floor servers, in turn. */
export interface MessageRun {
  readonly world: WorldPlan;
  /** The connections; neighbours in groups of `together` stay in one driver process. */
  seats(world: World): readonly Seat[];
  readonly together: number;
  readonly work: Work;
  /** The room of a seat on a floor server: who gets what it says. */
  roomOf(seat: number): string | number;
  /** What is counted as the rate of this scenario. */
  readonly counted: 'messages' | 'deliveries';
}

const rateOf = ({ tally }: Measurement, { work, counted }: MessageRun): number => {
  if (counted === 'deliveries') return tally.delivered / tally.seconds;
  return (work.kind === 'open' ? tally.acknowledged : tally.completed) / tally.seconds;
};

/** One opponent with its connections, kept for all rounds. */
interface Side {
  readonly name: string;
  readonly pids: readonly number[];
  readonly fleet: Fleet;
  end(): Promise<unknown>;
}

async function floorSide(stage: Stage, run: MessageRun, library: FloorLibrary, seats: readonly Seat[]): Promise<Side> {
  const { codec, textBytes, processes } = stage.settings;
  const floor: FloorProcess = await startFloor(library, { codec, textBytes });
  const fleet = new Fleet(processesFor(seats.length, processes));
  const guests = floorSeats(seats, { codec, textBytes }, run.roomOf);
  await fleet.open(guests, { url: floor.url, codec, textBytes }, run.together);
  const end = async (): Promise<void> => {
    fleet.end();
    floor.stop();
  };
  return { name: `floor ${library}`, pids: [floor.pid], fleet, end };
}

async function parleySide(
  stage: Stage,
  run: MessageRun,
  seats: readonly Seat[],
  of: { readonly directory: string; readonly checkout?: string },
): Promise<Side & { readonly openSeconds: number }> {
  const { codec, textBytes, processes } = stage.settings;
  const server = await startServer(of.directory, of.checkout === undefined ? {} : { checkout: of.checkout });
  const fleet = new Fleet(processesFor(seats.length, processes));
  stage.progress.show(`connecting ${seats.length} clients`);
  const openSeconds = await fleet.open(seats, { url: server.url, codec, textBytes }, run.together);
  const end = async (): Promise<unknown> => {
    fleet.end();
    return server.stop('SIGTERM');
  };
  return { name: 'Parley', pids: [server.pid], fleet, end, openSeconds };
}

/** The other checkout, on a copy of the same world. */
async function besideSide(stage: Stage, run: MessageRun, seats: readonly Seat[], checkout: string): Promise<PeerSide> {
  const directory = join(stage.directory, 'beside');
  const files = readdirSync(stage.directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  mkdirSync(directory, { mode: 0o700 });
  for (const { name } of files) copyFileSync(join(stage.directory, name), join(directory, name));
  const side = await parleySide(stage, run, seats, { directory, checkout });
  return { ...side, key: 'beside', name: `Parley in ${checkout}` };
}

interface PeerSide extends Side {
  readonly key: PeerName | 'beside';
}

/** A peer, in the same rooms as the floors and in a folder of its own. */
async function peerSide(stage: Stage, run: MessageRun, seats: readonly Seat[], key: PeerName): Promise<PeerSide> {
  const { codec, textBytes, processes } = stage.settings;
  const { name, acknowledges, start } = PEERS[key];
  stage.progress.show(`${name}: ${acknowledges}`);
  const directory = join(stage.directory, `peer-${key}`);
  mkdirSync(directory);
  // Some peers run as a user of their own.
  chmodSync(stage.directory, 0o711);
  const peer = await start({ directory, seats, roomOf: run.roomOf, target: { codec, textBytes } });
  const connections = seats.length * (peer.connectionsPerSeat ?? 1);
  const fleet = new Fleet(processesFor(connections, processes));
  await fleet.open(peer.seats, { url: peer.url, codec: peer.dialect, textBytes }, run.together);
  const end = async (): Promise<void> => {
    fleet.end();
    peer.stop();
  };
  return { key, name, pids: peer.pids, fleet, end };
}

/**
 * Parley and the floors in turn, round by round: floor, Parley, floor, Parley …; ratios are taken pair by pair, medians over the rounds. The bare floor runs once: it
 * says what the driver itself can do.
 */
export async function runMessages(stage: Stage, run: MessageRun): Promise<void> {
  const { book, settings, progress } = stage;
  const world = await makeWorld(stage.directory, run.world, (line) => progress.show(line));
  const seats = run.seats(world);
  const { warmUpMs, durationMs } = settings;
  const times = { warmUpMs, durationMs, progress };
  const floorTimes = { warmUpMs: warmUpMs / 2, durationMs: Math.max(durationMs / 2, 1_000), progress };
  const sides: Side[] = [];
  const keep = <T extends Side>(side: T): T => {
    sides.push(side);
    return side;
  };
  const unit = `${run.counted}/s`;
  try {
    book.addQuantiles('disk', 'floor: fdatasync of 4 KiB', measureDisk(stage.directory));
    // --ceiling 0: without it.
    if (stage.number('ceiling', 1) > 0) {
      const bare = keep(await floorSide(stage, run, 'bare', seats));
      const ceiling = rateOf(await measure(bare.fleet, run.work, bare.pids, { name: bare.name, ...floorTimes }), run);
      await bare.end();
      book.add('floor.driver', "floor: driver's own ceiling, bare sockets", unit, 'neither', ceiling);
    }
    const ws = keep(await floorSide(stage, run, 'ws', seats));
    const peers: PeerSide[] = [];
    for (const key of settings.peers) peers.push(keep(await peerSide(stage, run, seats, key)));
    const { beside } = settings;
    if (beside !== undefined) peers.push(keep(await besideSide(stage, run, seats, beside)));
    const parley = keep(await parleySide(stage, run, seats, { directory: stage.directory }));
    book.add('connect.seconds', `connecting ${seats.length} clients`, 's', 'less', parley.openSeconds);
    progress.show('resting');
    await delay(REST_MS);
    const latencies = { acknowledged: new Histogram(), delivered: new Histogram() };
    for (let round = 1; round <= settings.rounds; round += 1) {
      const floor = await measure(ws.fleet, run.work, ws.pids, { name: `round ${round}, ${ws.name}`, ...floorTimes });
      const others: { readonly peer: PeerSide; readonly measured: Measurement }[] = [];
      for (const peer of peers) {
        const how = { name: `round ${round}, ${peer.name}`, ...times };
        const measured = await measure(peer.fleet, run.work, peer.pids, how);
        others.push({ peer, measured });
      }
      const measured = await measure(parley.fleet, run.work, parley.pids, { name: `round ${round}, Parley`, ...times });
      const [floorRate, rate] = [rateOf(floor, run), rateOf(measured, run)];
      book.add('floor.ws', 'floor: ws, as many writes, nothing stored', unit, 'neither', floorRate);
      book.add('rate', 'acknowledged durably and delivered', unit, 'more', rate);
      // At a fixed rate both keep up or not: there the latencies are compared.
      if (run.work.kind === 'open')
        book.addQuantiles('floor.delivered', 'floor: ws, delivered', quantilesOf(floor.tally.deliveredUs));
      else book.add('ratio', 'ratio to the ws floor of the same round', '', 'more', rate / floorRate);
      book.addQuantiles('acknowledged', 'acknowledged', quantilesOf(measured.tally.acknowledgedUs));
      book.addQuantiles('delivered', 'delivered', quantilesOf(measured.tally.deliveredUs));
      if (run.counted === 'deliveries') {
        book.addQuantiles('floor.completed', 'floor: ws, to all', quantilesOf(floor.tally.completedUs));
        book.addQuantiles('completed', 'to all', quantilesOf(measured.tally.completedUs));
      }
      for (const other of others) addPeer(stage, run, other, rate);
      addCosts(stage, run, measured, floor);
      latencies.acknowledged.merge(measured.tally.acknowledgedUs);
      latencies.delivered.merge(measured.tally.deliveredUs);
    }
    stage.keepHistogram('acknowledged', latencies.acknowledged.filled());
    stage.keepHistogram('delivered', latencies.delivered.filled());
  } finally {
    for (const side of sides) await side.end();
  }
}

function addPeer(
  { book }: Stage,
  run: MessageRun,
  { peer: { key, name }, measured }: { readonly peer: PeerSide; readonly measured: Measurement },
  rate: number,
): void {
  const [id, peerRate] = [`peer.${key}`, rateOf(measured, run)];
  const { tally, serverCpuSeconds } = measured;
  book.add(`${id}.rate`, `peer ${name}`, `${run.counted}/s`, 'neither', peerRate);
  book.add(`${id}.ratio`, `Parley to ${name}, same round`, '×', 'more', rate / peerRate);
  book.addQuantiles(`${id}.acknowledged`, `${name}: acknowledged`, quantilesOf(tally.acknowledgedUs));
  book.addQuantiles(`${id}.delivered`, `${name}: delivered`, quantilesOf(tally.deliveredUs));
  const { one, count } = countOf(run, tally);
  book.add(
    `${id}.cpu`,
    `${name}: CPU of all its processes a ${one}`,
    'µs',
    'neither',
    (serverCpuSeconds * 1e6) / count,
  );
}

const countOf = (
  { counted }: MessageRun,
  tally: Measurement['tally'],
): { readonly one: string; readonly count: number } =>
  counted === 'messages' ? { one: 'message', count: tally.acknowledged } : { one: 'delivery', count: tally.delivered };

/** CPU time is divided by what was counted: on a shared machine it says more than the rate. */
function addCosts(
  { book }: Stage,
  run: MessageRun,
  { tally, serverCpuSeconds, writtenBytes, server }: Measurement,
  floor: Measurement,
): void {
  const { one, count } = countOf(run, tally);
  const floorCount = countOf(run, floor.tally).count;
  book.add('cpu.server', `server CPU a ${one}`, 'µs', 'less', (serverCpuSeconds * 1e6) / count);
  book.add('cpu.driver', `driver CPU a ${one}`, 'µs', 'neither', (tally.cpuSeconds * 1e6) / count);
  book.add('cpu.floor', `floor: ws server CPU a ${one}`, 'µs', 'neither', (floor.serverCpuSeconds * 1e6) / floorCount);
  book.add(
    'cpu.ratio',
    `server CPU a ${one} to that of the ws floor`,
    '×',
    'less',
    serverCpuSeconds / count / (floor.serverCpuSeconds / floorCount),
  );
  book.add(
    'cpu.driver.floor',
    `floor: driver CPU a ${one}`,
    'µs',
    'neither',
    (floor.tally.cpuSeconds * 1e6) / floorCount,
  );
  book.add(
    'cpu.cores',
    'cores in use by server and driver',
    '',
    'neither',
    (serverCpuSeconds + tally.cpuSeconds) / tally.seconds,
  );
  book.add('memory', 'server resident', 'MiB', 'less', server.residentBytes / 2 ** 20);
  book.add('disk.written', `bytes to the disk a ${one}`, 'B', 'less', writtenBytes / count);
  book.add('wire', `bytes the driver reads a ${one}`, 'B', 'less', tally.bytesIn / count);
}
