import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { areDependenciesCurrent, installDependencies } from './dependencies.mjs';
import { findRuntime, installRuntime } from './node-runtime.mjs';
import { explainWriteError } from './setup-error.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { buildWebApp, isWebAppCurrent } from './web-app.mjs';

/**
 * Makes the checkout at `root` ready and returns the path of a Node of 24 or newer.
 * When nothing is missing it writes nothing and takes no lock.
 */
export async function prepare(root) {
  const stateFolder = join(root, '.parley');
  const runtime = await findRuntime(stateFolder);
  if (runtime && (await isReady(root, stateFolder))) return runtime;
  try {
    await mkdir(stateFolder, { recursive: true });
    return await withSetupLock(join(stateFolder, 'setup.lock'), async () => {
      const node = (await findRuntime(stateFolder)) ?? (await installRuntime(stateFolder));
      if (!(await areDependenciesCurrent(root, stateFolder))) await installDependencies(root, stateFolder, node);
      if (!(await isWebAppCurrent(root, stateFolder))) await buildWebApp(root, stateFolder, node);
      return node;
    });
  } catch (error) {
    throw explainWriteError(error, root);
  }
}

const isReady = async (root, stateFolder) =>
  (await areDependenciesCurrent(root, stateFolder)) && (await isWebAppCurrent(root, stateFolder));
