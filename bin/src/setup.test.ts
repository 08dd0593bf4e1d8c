import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { areDependenciesCurrent, installDependencies } from './dependencies.mjs';
import { findRuntime, installRuntime } from './node-runtime.mjs';
import { withSetupLock } from './setup-lock.mjs';

let root: string;
let stateFolder: string;

beforeEach(() => {
  // Setup tells its progress on standard error; the tests' output stays readable without it.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  root = mkdtempSync(join(tmpdir(), 'parley-setup-'));
  stateFolder = join(root, '.parley');
  mkdirSync(stateFolder);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

/** An old Node beside which lies an `npm` that does what `script` says. */
function oldNode(script: string, platform = 'linux') {
  const folder = join(root, 'tools');
  mkdirSync(folder);
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  return {
    execPath: join(folder, 'node'),
    versions: { node: '20.1.0' },
    platform,
    arch: 'x64',
  } as unknown as NodeJS.Process;
}

describe('the Node that runs Parley', () => {
  it('is the running one when that is new enough', async () => {
    await expect(findRuntime(stateFolder)).resolves.toBe(process.execPath);
  });

  it('is missing when the running one is old and none was fetched', async () => {
    await expect(findRuntime(stateFolder, oldNode('exit 0'))).resolves.toBeUndefined();
  });

  it('is refused and removed when its bytes are not the pinned ones', async () => {
    const running = oldNode('echo something else > "$4/node.tgz"; echo node.tgz');
    await expect(installRuntime(stateFolder, running)).rejects.toThrow('not the one Parley was checked with');
    expect(readdirSync(join(stateFolder, 'node24'))).toEqual([]);
  });

  it('is not there, not even in part, when npm is offline', async () => {
    mkdirSync(join(stateFolder, 'node24', 'partial-of-a-killed-run'), { recursive: true });
    const running = oldNode('echo "npm error code ENOTFOUND" >&2; exit 1');
    await expect(installRuntime(stateFolder, running)).rejects.toThrow('could not reach its registry (ENOTFOUND)');
    expect(readdirSync(join(stateFolder, 'node24'))).toEqual([]);
  });

  it('cannot be fetched for a platform without a pin, and the sentence says what to do', async () => {
    await expect(findRuntime(stateFolder, oldNode('exit 0', 'sunos'))).rejects.toThrow(
      /not for sunos-x64.*Install Node 24/,
    );
  });
});

describe('the dependencies', () => {
  const lock = JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a-linux': {},
    },
  });

  beforeEach(() => {
    writeFileSync(join(root, 'package-lock.json'), lock);
  });

  /** An npm that installs on `npm <verb>` and otherwise fails with `complaint`. */
  function npmThatInstallsOn(verb: string, complaint = ''): string {
    const install = 'mkdir -p node_modules && echo "{}" > node_modules/.package-lock.json';
    const { execPath } = oldNode(`if [ "$1" = ${verb} ]; then ${install}; else echo "${complaint}" >&2; exit 1; fi`);
    return execPath;
  }

  it('are current after an install and no longer after the lock file changed', async () => {
    expect(await areDependenciesCurrent(root, stateFolder)).toBe(false);
    await installDependencies(root, stateFolder, npmThatInstallsOn('ci'));
    expect(await areDependenciesCurrent(root, stateFolder)).toBe(true);
    writeFileSync(join(root, 'package-lock.json'), `${lock}\n`);
    expect(await areDependenciesCurrent(root, stateFolder)).toBe(false);
  });

  it('are not current when node_modules was deleted', async () => {
    await installDependencies(root, stateFolder, npmThatInstallsOn('ci'));
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(await areDependenciesCurrent(root, stateFolder)).toBe(false);
  });

  it('leave no stamp when the install fails', async () => {
    const node = npmThatInstallsOn('nothing', 'npm error code EINTEGRITY');
    await expect(installDependencies(root, stateFolder, node)).rejects.toThrow('EINTEGRITY');
    expect(existsSync(join(stateFolder, 'dependencies.stamp'))).toBe(false);
  });
});

describe('two setups at once', () => {
  it('work one after the other', async () => {
    const file = join(stateFolder, 'setup.lock');
    const steps: string[] = [];
    const work = (name: string) => async () => {
      steps.push(`${name} begins`);
      await new Promise(setImmediate);
      steps.push(`${name} ends`);
    };
    await Promise.all([withSetupLock(file, work('one')), withSetupLock(file, work('two'))]);
    const [first, second] = steps[0] === 'one begins' ? ['one', 'two'] : ['two', 'one'];
    expect(steps).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
    expect(existsSync(file)).toBe(false);
  });

  it('do not wait for one that was killed', async () => {
    const file = join(stateFolder, 'setup.lock');
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(file, String(gone));
    await expect(withSetupLock(file, async () => 'done')).resolves.toBe('done');
    expect(readdirSync(stateFolder)).toEqual([]);
  });

  it('release the lock when the work fails', async () => {
    const file = join(stateFolder, 'setup.lock');
    await expect(withSetupLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });
});
