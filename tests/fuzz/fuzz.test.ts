import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../../tools/load/server-process.ts';
import { openScene, registerCast } from '../authorization/scene.ts';
import { fuzzCodecs } from './fuzz-codecs.ts';
import { confuseProcess, fuzzProcess } from './fuzz-process.ts';
import { confirmHangs, newTally, threadMs } from './tally.ts';

const SEED = 20_261_120;
const GROWTH_BYTES_MAX = 200 * 1_048_576;

test('[FRAME-3] no bytes make a codec throw, and what it accepts it says again in the same words', async () => {
  const tally = newTally();
  fuzzCodecs(tally, SEED, 5_000);
  await confirmHangs(tally, threadMs);
  console.log(`Fuzz of the codecs: ${tally.inputs} inputs, slowest ${tally.slowestMs.toFixed(1)} ms.`);
  expect(tally.problems).toEqual([]);
});

test('[ERR-1] nothing that is sent to the real process crashes it, hangs it or makes it answer 5xx', {
  timeout: 60_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-fuzz-'));
  const server = await startServer(directory);
  try {
    const cast = await registerCast(server.url);
    const run = {
      url: server.url,
      scene: await openScene(cast, 'channel'),
      actor: cast.serverAdmin,
      seed: SEED,
      runs: 200,
    };
    const before = server.residentBytes();
    const tally = newTally();
    await confuseProcess(tally, run);
    await fuzzProcess(tally, run);
    await confirmHangs(tally, () => server.cpuSeconds() * 1_000);
    const growth = server.residentBytes() - before;
    console.log(
      `Fuzz of the process: ${tally.inputs} inputs, slowest ${tally.slowestMs.toFixed(0)} ms, memory grew by ${(growth / 1_048_576).toFixed(0)} MiB.`,
    );
    expect(tally.problems).toEqual([]);
    expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
    // It is the same server with the same rules: nobody became an administrator on the way.
    expect(await cast.stranger.call('GET', '/admin/stats')).toMatchObject({ outcome: 'FORBIDDEN' });
    expect(await cast.owner.call('GET', '/me')).toMatchObject({ outcome: 'done', body: { is_admin: false } });
  } finally {
    await server.stop('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
});
