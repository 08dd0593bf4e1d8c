import { createHash } from 'node:crypto';
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runNpm } from './run-npm.mjs';
import { SetupError } from './setup-error.mjs';

/** Whether `node_modules` was installed from the present lock file for this platform. */
export async function areDependenciesCurrent(root, stateFolder) {
  try {
    const [stamp, wanted] = await Promise.all([readFile(stampOf(stateFolder), 'utf8'), stampFor(root)]);
    await access(join(root, 'node_modules', '.package-lock.json'));
    return stamp === wanted;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Installs exactly what the lock file names. The stamp goes first and comes back last, so a killed install is repeated. */
export async function installDependencies(root, stateFolder, node) {
  console.error('Installing the locked dependencies …');
  await rm(stampOf(stateFolder), { force: true });
  const wanted = await stampFor(root);
  const result = await runNpm(['ci', '--ignore-scripts', '--loglevel=error'], { cwd: root, node });
  if (result.code !== 0) throw installFailed(result.stderr);
  const partial = `${stampOf(stateFolder)}.${process.pid}`;
  await writeFile(partial, wanted);
  await rename(partial, stampOf(stateFolder));
}

function installFailed(complaint) {
  return new SetupError(
    `npm could not install the locked dependencies; it said:\n${complaint.trim().split('\n').slice(0, 12).join('\n')}\nSetup is not complete. Correct that and run it again.`,
  );
}

function stampOf(stateFolder) {
  return join(stateFolder, 'dependencies.stamp');
}

async function stampFor(root) {
  const lock = await readFile(join(root, 'package-lock.json'));
  return `${process.platform}-${process.arch} ${createHash('sha256').update(lock).digest('hex')}\n`;
}
