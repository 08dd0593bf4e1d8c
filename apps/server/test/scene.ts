import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, vi } from 'vitest';
import { Program, type ProgramOptions } from './program.ts';

/** Starts `serve` on a free port and without rate limits, which these tests are not about. */
export type Serve = (args: readonly string[], options?: ProgramOptions) => Program;
/** Runs a command to its end. */
export type Run = (args: readonly string[], options?: ProgramOptions) => Promise<Finished>;

export interface Finished {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
  readonly errors: string;
}

const SERVE = [
  '--port',
  '0',
  '--writes-per-minute',
  '0',
  '--requests-per-minute',
  '0',
  '--connections-per-minute',
  '0',
  '--log-level',
  'error',
];

// A test starts several processes, each of which takes its time on a machine that does other work; every wait inside has a deadline of its own.
vi.setConfig({ testTimeout: 60_000 });

/** `test` with a temporary folder and programs; what a test started is killed and what it wrote is removed after it. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-server-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('start', async ({ folder: _ }, { onCleanup }) => {
    const programs: Program[] = [];
    onCleanup(async () => {
      await Promise.all(programs.map((program) => program.end()));
    });
    return (args: readonly string[], options?: ProgramOptions): Program => {
      const program = new Program(args, options);
      programs.push(program);
      return program;
    };
  })
  .extend('serve', ({ start }): Serve => {
    return (args, options) => start(['serve', ...SERVE, ...args], options);
  })
  .extend('run', ({ start }): Run => {
    return async (args, options) => {
      const program = start(args, options);
      const code = await program.ended;
      return { code, output: program.output, errors: program.errors };
    };
  });
