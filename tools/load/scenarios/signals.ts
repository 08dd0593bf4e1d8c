import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../children.ts';
import { SIGNALS, type SignalTally, TELLING_OF, TELLINGS } from '../driver/signals/signal-counting.ts';
import { Histogram } from '../measure/histogram.ts';
import { costOf } from '../measure/process-cost.ts';
import { bar } from '../report/progress.ts';
import { startServer } from '../server-process.ts';
import type { SignalsMessage, SignalsReport } from '../signals-main.ts';
import { makeWorld } from '../world/world.ts';
import type { Scenario, Stage } from './scenario.ts';
import { laneTo, parleySeat } from './seats.ts';

const MAIN = fileURLToPath(new URL('../signals-main.ts', import.meta.url));
const LOOK_MS = 250;
/** Everybody begins with a pause: after this long there are as many who type and who are away as there will be later. */
const SETTLE_MS = 10_000;

/** The process of the people as the bench sees it. */
class People {
  readonly #child: ChildProcess = fork(MAIN, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  #answer = Promise.withResolvers<SignalsReport>();
  problem: string | undefined;

  constructor() {
    endWithUs(this.#child);
    this.#child.on('message', (report: SignalsReport) => {
      if (report.kind === 'failed') this.problem ??= report.problem;
      this.#answer.resolve(report);
    });
  }

  async ask(message: SignalsMessage): Promise<SignalsReport> {
    if (this.problem !== undefined) throw new Error(this.problem);
    this.#answer = Promise.withResolvers();
    this.#child.send(message);
    const report = await this.#answer.promise;
    if (report.kind === 'failed') throw new Error(report.problem);
    return report;
  }

  async tally(): Promise<SignalTally> {
    const report = await this.ask({ kind: 'tally' });
    if (report.kind !== 'tally') throw new Error(`The people answered "${report.kind}".`);
    return report.tally;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

async function live({ progress }: Stage, people: People, name: string, ms: number): Promise<void> {
  const from = performance.now();
  for (let passed = 0; passed < ms; passed = performance.now() - from) {
    progress.show(`${name}  ${bar(passed, ms)}`);
    await wait(Math.min(LOOK_MS, ms - passed));
    if (people.problem !== undefined) throw new Error(people.problem);
  }
}

const TELLING_LABELS = { typing: 'typing', receipts: 'delivered and read', presence: 'coming and going' } as const;
const LABELS = { typing: 'typing', delivered: 'delivered', read: 'read', presence: 'coming and going' } as const;

function addTally({ book }: Stage, tally: SignalTally, serverCpuSeconds: number): void {
  const all = SIGNALS.map((name) => tally.signals[name]);
  const sum = (pick: (signal: (typeof all)[number]) => number): number =>
    all.reduce((total, signal) => total + pick(signal), 0);
  const [events, due] = [sum((one) => one.events), sum((one) => one.due)];
  const frames = TELLINGS.reduce((total, telling) => total + tally.frames[telling], 0);
  book.add('events', 'events: keys, arrivals, readings, comings, goings', '/s', 'neither', events / tally.seconds);
  book.add('naive', 'frames if each event were one for each other member', '/s', 'neither', due / tally.seconds);
  book.add('frames', 'frames that clients got', '/s', 'less', frames / tally.seconds);
  book.add('fewer', 'fewer frames than one an event and recipient', '×', 'more', due / frames);
  for (const telling of TELLINGS) {
    const told = SIGNALS.filter((name) => TELLING_OF[name] === telling);
    const owed = told.reduce((total, name) => total + tally.signals[name].due, 0);
    const label = `fewer frames: ${TELLING_LABELS[telling]}`;
    book.add(`fewer.${telling}`, label, '×', 'more', owed / Math.max(1, tally.frames[telling]));
  }
  const lag = Histogram.of(...all.map(({ lagUs }) => lagUs));
  book.addQuantiles('lag', 'event to arrival', lag.quantiles());
  for (const name of SIGNALS)
    book.addQuantiles(
      `lag.${name}`,
      `event to arrival: ${name === 'presence' ? 'coming' : LABELS[name]}`,
      Histogram.of(tally.signals[name].lagUs).quantiles(),
    );
  book.addQuantiles('away', 'going to its arrival (held back 5 s)', Histogram.of(tally.awayUs).quantiles());
  book.add('own', 'frames about the own cursor, for other devices', '/s', 'less', tally.ownFrames / tally.seconds);
  book.add('messages', 'messages written', '/s', 'neither', tally.messages / tally.seconds);
  book.add('cpu.server', 'server CPU an event', 'µs', 'less', (serverCpuSeconds * 1e6) / events);
  book.add('cpu.driver', 'driver CPU an event', 'µs', 'neither', (tally.cpuSeconds * 1e6) / events);
  book.add('cpu.share', 'server CPU', '% of a core', 'less', (serverCpuSeconds / tally.seconds) * 100);
}

async function run(stage: Stage): Promise<void> {
  const { settings, progress } = stage;
  const groups = stage.number('groups', 100);
  const size = stage.number('group-size', 20);
  const members = [...Array(groups * size).keys()];
  const groupMembers = Array.from({ length: groups }, (_, group) => members.slice(group * size, (group + 1) * size));
  const world = await makeWorld(stage.directory, { people: members.length, groups: groupMembers });
  const server = await startServer(stage.directory);
  const { hostname, port } = new URL(server.url);
  const people = new People();
  try {
    progress.show(`connecting ${members.length} people`);
    const rooms = groupMembers.map((seats, group) => ({
      seats: seats.map((seat) => parleySeat(world, seat, seat, [laneTo(world.groups[group], size - 1)])),
      userIds: seats.map((seat) => world.people[seat]?.userId ?? ''),
    }));
    const text = 'x'.repeat(settings.textBytes);
    await people.ask({ kind: 'open', order: { host: hostname, port: Number(port), text, rooms } });
    await live(stage, people, 'warming up', SETTLE_MS);
    for (let round = 1; round <= settings.rounds; round += 1) {
      const before = costOf(server.pid).cpuSeconds;
      await people.ask({ kind: 'measure' });
      await live(stage, people, `round ${round}`, settings.durationMs);
      const tally = await people.tally();
      addTally(stage, tally, costOf(server.pid).cpuSeconds - before);
    }
  } finally {
    people.end();
    await server.stop('SIGTERM');
  }
}

export const signals: Scenario = {
  name: 'B10',
  title: 'typing, receipts, presence',
  about:
    '2,000 people online in 100 groups of 20, all with their group open. Each pauses 20 s on average, then types 40 keys at 5 a second and sends the message, or (one time in three) is offline for 1 or 8 s; of every message that arrives a client tells at once that it has it and that it was read. Clients hold nothing back, so what is merged is the work of the server.',
  run,
};
