import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { areDependenciesCurrent, installDependencies } from './dependencies.mjs';
import { findRuntime, installRuntime } from './node-runtime.mjs';
import { explainWriteError } from './setup-error.mjs';
import { withSetupLock } from './setup-lock.mjs';

/**
 * Makes the checkout at `root` ready and returns the path of a Node of 24 or newer.
 * When nothing is missing it writes nothing and takes no lock.
 */
export async function prepare(root) {
  const stateFolder = join(root, '.parley');
  const runtime = await findRuntime(stateFolder);
  if (runtime && (await areDependenciesCurrent(root, stateFolder))) return runtime;
  try {
    await mkdir(stateFolder, { recursive: true });
    return await withSetupLock(join(stateFolder, 'setup.lock'), async () => {
      const node = (await findRuntime(stateFolder)) ?? (await installRuntime(stateFolder));
      if (!(await areDependenciesCurrent(root, stateFolder))) await installDependencies(root, stateFolder, node);
      // A build of the web app, when it is missing or older than its sources, is the next step and belongs here.
      return node;
    });
  } catch (error) {
    throw explainWriteError(error, root);
  }
}
