import { setTimeout as wait } from 'node:timers/promises';
import { Fleet, processesFor } from '../driver/fleet.ts';
import { kernelObjectBytes } from '../measure/kernel-memory.ts';
import { openFilesMax } from '../measure/machine.ts';
import { costOf } from '../measure/process-cost.ts';
import { startServer } from '../server-process.ts';
import { makeWorld } from '../world/world.ts';
import type { Scenario, Stage } from './scenario.ts';
import { parleySeat } from './seats.ts';

const FILES_BESIDE = 300;
/** Connections that are opened before anything is measured: their code is loaded and compiled then. */
const FIRST = 500;
/** How long a server is left alone before its memory is read: garbage of opening the connections is collected in that time. */
const SETTLE_MS = 12_000;
/** Connections at which the memory is read, besides all. */
const STEPS = [1_000, 5_000, 10_000];

async function run(stage: Stage): Promise<void> {
  const { book, settings, progress } = stage;
  const clients = stage.number('clients', openFilesMax() - FILES_BESIDE - FIRST);
  const idleMs = stage.number('idle-seconds', 30) * 1_000;
  const people = clients + FIRST;
  const directs = Array.from({ length: Math.floor(people / 2) }, (_, pair) => [pair * 2, pair * 2 + 1] as const);
  const world = await makeWorld(stage.directory, { people, directs }, (line) => progress.show(line));
  const seats = world.people.map((_, seat) => parleySeat(world, seat, seat, []));
  const server = await startServer(stage.directory);
  const fleet = new Fleet(processesFor(people, settings.processes));
  const target = { url: server.url, codec: settings.codec, textBytes: 1 };
  const settled = async (what: string): Promise<number> => {
    progress.show(`${what}: waiting ${SETTLE_MS / 1_000} s for the server to come to rest`);
    await wait(SETTLE_MS);
    const problem = fleet.problem();
    if (problem !== undefined) throw problem;
    return server.residentBytes();
  };
  try {
    book.add(
      'memory.idle',
      'server resident before anybody connects',
      'MiB',
      'less',
      (await settled('idle')) / 2 ** 20,
    );
    await fleet.open(seats.slice(0, FIRST), target);
    const before = await settled('warm');
    const kernelBefore = kernelObjectBytes();
    book.add('memory.base', `server resident with ${FIRST} connections`, 'MiB', 'less', before / 2 ** 20);
    let from = FIRST;
    for (const to of [...STEPS.filter((step) => step < people), people]) {
      progress.show(`connecting ${to} clients`);
      await fleet.open(seats.slice(from, to), target);
      const resident = await settled(`${to} connections`);
      book.add(`memory.at.${to}`, `server resident with ${to} connections`, 'MiB', 'less', resident / 2 ** 20);
      from = to;
      if (to === people) {
        book.add('memory.connection', 'user memory a connection', 'KiB', 'less', (resident - before) / clients / 1_024);
        const kernel = (kernelObjectBytes() - kernelBefore) / (2 * clients) / 1_024;
        book.add(
          'memory.kernel',
          "kernel objects an end of a connection (server's or driver's)",
          'KiB',
          'neither',
          kernel,
        );
      }
    }
    const cpuBefore = costOf(server.pid).cpuSeconds;
    progress.show(`idle for ${idleMs / 1_000} s`);
    await wait(idleMs);
    const busy = (costOf(server.pid).cpuSeconds - cpuBefore) / (idleMs / 1_000);
    book.add(
      'cpu.idle',
      'server CPU while idle, with a ping from each connection every 25 s',
      '% of a core',
      'less',
      busy * 100,
    );
  } finally {
    fleet.end();
    await server.stop('SIGTERM');
  }
}

export const idleDensity: Scenario = {
  name: 'B6',
  title: 'idle density',
  about:
    'Connections that are authenticated, live in a conversation of their own and say only their heartbeat; growth of the resident memory of the server process over them, garbage included.',
  run,
};
