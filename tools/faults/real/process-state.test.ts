import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { describeProcess } from './process-state.ts';

const why = process.platform === 'linux' ? '' : ' (no /proc; run it on Linux)';

it.skipIf(why !== '')(
  `tells a process that is stopped and has not taken SIGTERM from one that runs${why}`,
  async () => {
    const child = spawn(process.execPath, ['--eval', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    await vi.waitFor(() => expect(describeProcess(pid)).toMatch(/^state S .*does not wait.*threads: \S+ S /));
    child.kill('SIGSTOP');
    await vi.waitFor(() => expect(describeProcess(pid)).toContain('state T (stopped)'));
    child.kill('SIGTERM');
    await vi.waitFor(() => expect(describeProcess(pid)).toContain('SIGTERM waits to be taken'));
  },
);

it('says that nothing is known of a process that is not there', () => {
  expect(describeProcess(2 ** 30)).toMatch(/^nothing is known of it: /);
});
