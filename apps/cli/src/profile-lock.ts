import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * Takes a profile for this process: its files have one writer. Returns how to give it back. A lock that a dead process left is taken over.
 * @throws Error with a sentence when another terminal uses the profile.
 */
export async function lockProfile(folder: string, profile: string): Promise<() => Promise<void>> {
  const path = join(folder, 'in-use');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (owner > 0 && isAlive(owner)) {
        throw new Error(
          `The profile "${profile}" is open in another terminal (process ${owner}). Close it, or take another one: --as second.`,
        );
      }
      await rm(path, { force: true });
    }
  }
  throw new Error(
    `The profile "${profile}" could not be taken: another terminal took it at the same moment. Try again.`,
  );
}
