import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { lockProfile } from './profile-lock.ts';

// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-profile-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
});

test('a profile has one terminal at a time, and the next when it was given back', async ({ folder }) => {
  const unlock = await lockProfile(folder, 'anna');
  await expect(lockProfile(folder, 'anna')).rejects.toThrow(
    `The profile "anna" is open in another terminal (process ${process.pid}). Close it, or take another one: --as second.`,
  );
  await unlock();
  expect(await readdir(folder)).toEqual([]);
  await (await lockProfile(folder, 'anna'))();
});

test('a lock of a dead process, or one that holds no number, is taken over', async ({ folder }) => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  for (const left of [String(dead), '', 'nonsense', '-1']) {
    await writeFile(join(folder, 'in-use'), left);
    await (await lockProfile(folder, 'anna'))();
  }
});
