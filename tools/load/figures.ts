import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEcho } from './echo.ts';
import { runPairs } from './pairs.ts';
import { registerPeople } from './people.ts';
import { startServer } from './server-process.ts';
import { openWireClient, type WireClient } from './wire-client.ts';

/**
 * The figures of one server process on this machine, the driver beside it: `npm run figures`. Absolute rates depend on the machine and its mood; read the ratios.
 */
const CLIENTS = 200;
const WARM_UP_MS = 2_000;
const DURATION_MS = 8_000;
const ROUNDS = 3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percentile = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2);
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function withServer<T>(run: (server: Awaited<ReturnType<typeof startServer>>) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-figures-'));
  const server = await startServer(directory);
  try {
    return await run(server);
  } finally {
    await server.stop('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  }
}

async function pairs(): Promise<void> {
  say(
    `Pairs: ${CLIENTS} clients, one 200-byte message in flight each, acknowledged after the disk has it, delivered to the partner; ${ROUNDS} rounds, echo in turn.`,
  );
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const echo = await runEcho(CLIENTS, WARM_UP_MS / 2, DURATION_MS / 2);
    await withServer(async (server) => {
      const cpuBefore = server.cpuSeconds();
      const result = await runPairs(server.url, CLIENTS, WARM_UP_MS, DURATION_MS);
      const rate = result.messages / result.seconds;
      const acknowledged = [...result.acknowledgedMs].sort((one, other) => one - other);
      const delivered = [...result.deliveredMs].sort((one, other) => one - other);
      ratios.push(rate / echo);
      say(
        `  round ${round}: ${Math.round(rate)} messages/s · acknowledged p50 ${percentile(acknowledged, 0.5)} ms p99 ${percentile(acknowledged, 0.99)} ms · delivered p50 ${percentile(delivered, 0.5)} ms p99 ${percentile(delivered, 0.99)} ms` +
          ` · echo only ${Math.round(echo)} round trips/s · ratio ${(rate / echo).toFixed(2)} · server CPU ${(server.cpuSeconds() - cpuBefore).toFixed(1)} s including registration`,
      );
    });
  }
  say(
    `  ratio to the echo: median ${median(ratios).toFixed(2)}. A message costs the server two reads' worth of work and two writes against one and one for an echo.`,
  );
}

async function idle(connectionCount: number): Promise<void> {
  const perPerson = 10;
  await withServer(async (server) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    say(`Idle server: ${(server.residentBytes() / 1_048_576).toFixed(0)} MiB resident.`);
    const people = await registerPeople(server.url, Math.ceil(connectionCount / perPerson), (done) => {
      if (done % 200 === 0) process.stderr.write(`  ${done} people registered\r`);
    });
    const before = server.residentBytes();
    const clients: WireClient[] = [];
    for (const person of people) {
      clients.push(...(await Promise.all(Array.from({ length: perPerson }, () => openWireClient(server.url, person)))));
    }
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const growth = server.residentBytes() - before;
    say(
      `Idle connections: ${clients.length} authenticated and live, ${(growth / clients.length / 1_024).toFixed(1)} KiB of resident memory each (kernel memory not counted).`,
    );
    for (const client of clients) client.close();
  });
}

await pairs();
await idle(10_000);
