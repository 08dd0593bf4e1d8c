import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, vi } from 'vitest';
import { type ServerChild, startServerChild } from '../src/server-child.ts';
import { Terminal } from './terminal.ts';

// A test starts several processes, each of which takes its time on a machine that does other work; every wait inside has a deadline of its own.
vi.setConfig({ testTimeout: 60_000 });

/** `test` with a server that can be stopped and started, and terminals; all are ended and what they wrote is removed after it. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('server', async ({ folder }, { onCleanup }) => {
    let running: ServerChild | undefined = await startServerChild(join(folder, 'data'), 0);
    const { url } = running;
    const stop = async (): Promise<void> => {
      await running?.end('SIGKILL');
      running = undefined;
    };
    onCleanup(stop);
    return {
      url,
      stop,
      startAgain: async (): Promise<void> => {
        running = await startServerChild(join(folder, 'data'), Number(new URL(url).port));
      },
    };
  })
  .extend('open', async ({ folder }, { onCleanup }) => {
    const terminals: Terminal[] = [];
    onCleanup(async () => {
      await Promise.all(terminals.map((terminal) => terminal.kill()));
    });
    return (...args: readonly string[]): Terminal => {
      const terminal = new Terminal(args, join(folder, 'home'));
      terminals.push(terminal);
      return terminal;
    };
  })
  .extend('signUp', ({ server, open }) => {
    /** A chat of somebody new, connected. */
    return async (name: string): Promise<Terminal> => {
      const terminal = open('chat', '--url', server.url, '--as', name);
      terminal.type('r', name, 'a long enough password');
      await terminal.shows('* Connected.');
      return terminal;
    };
  });
