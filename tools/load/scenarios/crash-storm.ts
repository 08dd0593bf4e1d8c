import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../children.ts';
import type { StormResult } from '../driver/survivors.ts';
import { Histogram } from '../measure/histogram.ts';
import { startServer } from '../server-process.ts';
import type { StormMessage, StormReport } from '../survivors-main.ts';
import { makeWorld } from '../world/world.ts';
import type { Scenario, Stage } from './scenario.ts';
import { laneTo, parleySeat } from './seats.ts';

const MAIN = fileURLToPath(new URL('../survivors-main.ts', import.meta.url));
/** After a direct conversation was made its log holds the making of it. */
const HEAD_SEQ = 1;
const BEFORE_MS = 3_000;
const AFTER_MS = 2_000;
const RESUME_DEADLINE_MS = 90_000;
const LOOK_MS = 100;

/** The process of the survivors as the bench sees it. */
class Storm {
  readonly #child: ChildProcess = fork(MAIN, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  readonly #opened = Promise.withResolvers<void>();
  readonly #result = Promise.withResolvers<StormResult>();
  resumed = 0;

  constructor() {
    endWithUs(this.#child);
    this.#child.on('message', (report: StormReport) => {
      if (report.kind === 'opened') this.#opened.resolve();
      else if (report.kind === 'state') this.resumed = report.resumed;
      else if (report.kind === 'result') this.#result.resolve(report.result);
      else this.#fail(report.problem);
    });
    // Whoever waits for one of the two learns of it; the other one is nobody's.
    for (const { promise } of [this.#opened, this.#result]) promise.catch(() => undefined);
  }

  tell(message: StormMessage): void {
    this.#child.send(message);
  }

  opened(): Promise<void> {
    return this.#opened.promise;
  }

  result(): Promise<StormResult> {
    this.tell({ kind: 'finish' });
    return this.#result.promise;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #fail(problem: string): void {
    this.#opened.reject(new Error(problem));
    this.#result.reject(new Error(problem));
  }
}

function addResult({ book }: Stage, result: StormResult): void {
  const resumed = Histogram.of(result.resumedUs);
  const attempted = Histogram.of(result.attemptedUs);
  for (const [label, share] of [
    ['99 %', 0.99],
    ['all', 1],
  ] as const)
    book.add(
      `attempted.${share}`,
      `kill until ${label} have made an attempt that is not in vain (their own jitter)`,
      's',
      'neither',
      attempted.quantile(share) / 1_000_000,
    );
  for (const [label, share] of [
    ['50 %', 0.5],
    ['99 %', 0.99],
    ['all', 1],
  ] as const)
    book.add(
      `resumed.${share}`,
      `kill until ${label} are live again`,
      's',
      'less',
      resumed.quantile(share) / 1_000_000,
    );
  book.add('resumed.count', 'clients live again', '', 'more', resumed.total);
  book.add('acknowledged', 'messages acknowledged, before and after', '', 'neither', result.acknowledged);
  book.add('lost', 'acknowledged but missing at an end', '', 'less', result.lost);
  book.add('duplicates', 'delivered twice on a connection', '', 'less', result.duplicates);
  book.add('gaps', 'clients with a gap', '', 'less', result.gaps);
  book.add('unanswered', 'never answered', '', 'less', result.unanswered);
}

async function run(stage: Stage): Promise<void> {
  const { book, progress } = stage;
  const clients = stage.number('clients', 10_000);
  const perSecond = stage.number('per-second', 500);
  const directs = Array.from({ length: Math.floor(clients / 2) }, (_, pair) => [pair * 2, pair * 2 + 1] as const);
  const world = await makeWorld(stage.directory, { people: clients, directs });
  const seats = directs.flat().map((seat) => parleySeat(world, seat, seat, [laneTo(world.directs[seat >> 1], 1)]));
  let server = await startServer(stage.directory);
  const { hostname, port } = new URL(server.url);
  const storm = new Storm();
  try {
    progress.show(`connecting ${clients} clients`);
    const order = {
      host: hostname,
      port: Number(port),
      seats,
      headSeq: HEAD_SEQ,
      perSecond,
      text: 'x'.repeat(stage.settings.textBytes),
    };
    storm.tell({ kind: 'open', order });
    await storm.opened();
    await wait(BEFORE_MS);
    storm.tell({ kind: 'killed' });
    const killedAt = performance.now();
    await server.stop('SIGKILL');
    server = await startServer(stage.directory, { port: Number(port) });
    storm.tell({ kind: 'listening' });
    book.add('restart', 'kill until the new process listens', 's', 'less', (performance.now() - killedAt) / 1_000);
    while (storm.resumed < clients && performance.now() - killedAt < RESUME_DEADLINE_MS) {
      progress.show(`${storm.resumed} of ${clients} are live again`);
      await wait(LOOK_MS);
    }
    await wait(AFTER_MS);
    const result = await storm.result();
    addResult(stage, result);
    stage.keepHistogram('resumed', result.resumedUs);
  } finally {
    storm.end();
    await server.stop('SIGTERM');
  }
}

export const crashStorm: Scenario = {
  name: 'B7',
  title: 'crash storm',
  about:
    '10,000 clients in pairs, 500 messages a second among them; the server is killed with SIGKILL and started again at once. Clients reconnect with full jitter, resume from their position, get their gap and repeat what was not answered; then both ends of every conversation are compared with what was acknowledged.',
  run,
};
