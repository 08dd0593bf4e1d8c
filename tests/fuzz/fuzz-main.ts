import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../../tools/load/server-process.ts';
import { openScene, registerCast } from '../authorization/scene.ts';
import { fuzzCodecs } from './fuzz-codecs.ts';
import { confuseProcess, fuzzProcess } from './fuzz-process.ts';
import { confirmHangs, newTally, threadMs } from './tally.ts';

/** `npm run fuzz -- --minutes 30 --seed 7`: rounds of fresh random inputs until the time is over; the seed of a round stands beside what it found. */
const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 1);
const firstSeed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed)) {
  process.stderr.write('Give --minutes above 0 and a whole number as --seed. Nothing was run.\n');
  process.exit(2);
}
const endsAt = performance.now() + minutes * 60_000;
const directory = await mkdtemp(join(tmpdir(), 'parley-fuzz-'));
const server = await startServer(directory);
const tally = newTally();
let rounds = 0;
try {
  const cast = await registerCast(server.url);
  const scene = await openScene(cast, 'channel');
  const run = { url: server.url, scene, actor: cast.serverAdmin, runs: 400 };
  const before = server.residentBytes();
  await confuseProcess(tally, { ...run, seed: firstSeed });
  while (performance.now() < endsAt && tally.problems.length === 0) {
    const seed = firstSeed + rounds;
    fuzzCodecs(tally, seed, 5_000);
    await confirmHangs(tally, threadMs);
    await fuzzProcess(tally, { ...run, seed });
    await confirmHangs(tally, () => server.cpuSeconds() * 1_000);
    rounds += 1;
    process.stderr.write(`  round ${rounds}, ${tally.inputs} inputs\r`);
  }
  const growth = (server.residentBytes() - before) / 1_048_576;
  process.stdout.write(
    `${tally.inputs} inputs in ${rounds} rounds from seed ${firstSeed}: ${tally.problems.length} problems, slowest ${tally.slowestMs.toFixed(0)} ms, memory of the server grew by ${growth.toFixed(0)} MiB.\n`,
  );
  for (const problem of tally.problems) process.stdout.write(`  ${problem} (seed ${firstSeed + rounds - 1})\n`);
} finally {
  await server.stop('SIGKILL');
  await rm(directory, { recursive: true, force: true });
}
process.exitCode = tally.problems.length === 0 ? 0 : 1;
