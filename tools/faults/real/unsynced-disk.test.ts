import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { environmentUnder } from './layers.ts';
import { describeProcess } from './process-state.ts';
import { hasCompiler, UnsyncedDisk } from './unsynced-disk.ts';
import { WallClock } from './wall-clock.ts';
import { within } from './within.ts';

const PROGRAM = fileURLToPath(new URL('./writing-process.ts', import.meta.url));
const ANSWER_WITHIN_MS = 20_000;
/** Of processes that stand still at a signal in the middle of a write about one in five signals finds one. */
const SIGNALS = 200;

const why = hasCompiler() ? '' : ' (no C compiler; apt-get install gcc)';

function writingProcess(): { readonly child: ChildProcess; readonly nextLine: () => Promise<string> } {
  const disk = new UnsyncedDisk();
  onTestFinished(() => disk.close());
  const env = environmentUnder(disk.layer, new WallClock(disk.folder).layer);
  const child = spawn(process.execPath, [PROGRAM, join(disk.data, 'pieces')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => String((await lines.next()).value) };
}

it.skipIf(why !== '')(
  `a signal in the middle of a write, under the forgetful disk and the clock that is set, is heard${why}`,
  { timeout: 60_000 },
  async () => {
    const { child, nextLine } = writingProcess();
    const state = (): string => describeProcess(child.pid ?? 0);
    expect(await within(ANSWER_WITHIN_MS, nextLine(), state)).toBe('ready');
    for (let signal = 0; signal < SIGNALS; signal += 1) {
      child.kill('SIGUSR2');
      expect(await within(ANSWER_WITHIN_MS, nextLine(), state)).toBe('heard');
    }
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await within(ANSWER_WITHIN_MS, exit, state)).toEqual([0, null]);
  },
);
