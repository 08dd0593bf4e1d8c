import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendOutcome, StoreError } from '@parley/core';
import { describe, expect } from 'vitest';
import { test as storeTest, temporaryDirectory } from '../test/temporary-store.ts';

/**
 * Needs a small disk of its own, which only root can mount: `sudo node node_modules/vitest/vitest.mjs run adapters/sqlite/src/full-disk.test.ts`.
 */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  const directory = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory]);
    return true;
  } catch {
    return false;
  }
}

const test = storeTest.extend('disk', async ({ task: _ }, { onCleanup }) => {
  const directory = temporaryDirectory();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory]);
  onCleanup(() => void execFileSync('umount', ['--lazy', directory]));
  return directory;
});

function fill(disk: string): string {
  const ballast = join(disk, 'ballast');
  for (let bytes = 4 << 20; bytes >= 4_096; bytes >>= 1) {
    try {
      writeFileSync(ballast, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // Full for this size: try a smaller one.
    }
  }
  return ballast;
}

describe.skipIf(!canMount)('full disk', () => {
  test('[ERR-5] nothing is acknowledged while the disk is full; freed, the store goes on', async ({
    disk,
    openStore,
  }) => {
    const { opened, build } = await openStore({ directory: disk });
    const alice = await build.person();
    const group = await build.group(alice);
    const acknowledged: number[] = [];
    const send = () => opened.stores.messageLog.append([build.newMessage(alice, group, 'x'.repeat(2_000))]);
    const take = (outcomes: readonly AppendOutcome[]) => {
      for (const outcome of outcomes) if (outcome.kind === 'appended') acknowledged.push(outcome.entry.seq);
    };
    take(await send());
    const ballast = fill(disk);
    let failure: StoreError | undefined;
    for (let attempt = 0; attempt < 100 && failure === undefined; attempt += 1) {
      await send().then(take, (error: StoreError) => {
        failure = error;
      });
    }
    expect(failure).toMatchObject({
      name: 'StoreError',
      applied: 'no',
      retryable: true,
      message: `The disk of ${disk} is full. Free some space; the store then goes on by itself. Nothing was stored.`,
    });
    expect((await opened.stores.messageLog.heads([group])).get(group)?.seq).toBe(acknowledged.at(-1));

    rmSync(ballast);
    take(await send());
    const { entries } = await opened.stores.messageLog.readAfter(group, 1, 1_000);
    expect(entries.map(({ seq }) => seq)).toEqual(acknowledged);
    expect((await opened.audit()).findings).toEqual([]);
  });

  test('[ERR-5] a disk that is full at the start is a sentence', async ({ disk, openStore }) => {
    fill(disk);
    await expect(openStore({ directory: disk })).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining(disk),
    });
  });
});
