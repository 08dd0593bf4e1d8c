import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupError } from './setup-error.mjs';

const pollMs = 200;
const waitMaxMs = 20 * 60_000;
const takeoverMaxMs = 10_000;

/** Runs `work` while holding the lock file, which names the holder's process id; waits for a living holder up to 20 minutes. */
export async function withSetupLock(file, work) {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file) {
  const deadlineMs = Date.now() + waitMaxMs;
  let told = false;
  while (!(await createExclusively(file))) {
    if (await isHolderGone(file)) {
      await removeOnceGone(file);
      continue;
    }
    if (Date.now() > deadlineMs) {
      throw new SetupError(
        `Another setup has held ${file} for 20 minutes. Nothing was done. If none is running, delete that file and run setup again.`,
      );
    }
    if (!told) console.error('Another setup is at work; waiting for it …');
    told = true;
    await wait(pollMs);
  }
}

async function createExclusively(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isHolderGone(file) {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty: the holder is between creating and writing, or the file has just been removed. Both pass by themselves.
  if (!Number.isInteger(pid) || pid <= 0) return isOlderThan(file, takeoverMaxMs);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

// Two waiters may both see a dead holder. Without this second lock the slower one could remove the lock that the faster
// one has just taken.
async function removeOnceGone(file) {
  const takeover = `${file}.takeover`;
  if (!(await createExclusively(takeover))) {
    if (await isOlderThan(takeover, takeoverMaxMs)) await rm(takeover, { force: true });
    await wait(pollMs);
    return;
  }
  try {
    if (await isHolderGone(file)) await rm(file, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

async function isOlderThan(file, ageMs) {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ageMs;
}
