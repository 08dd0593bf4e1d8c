import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { runNpm } from './run-npm.mjs';
import { SetupError } from './setup-error.mjs';

const run = promisify(execFile);
const majorMin = 24;
const unpackTimeoutMs = 5 * 60_000;

/** Whether a version like `24.21.0` is new enough to run Parley's TypeScript directly. */
function isNewEnough(version) {
  return Number(version.split('.')[0]) >= majorMin;
}

/** The pinned runtime of a platform such as `linux-x64`: `{ package, version, integrity }`; a SetupError when there is none. */
async function readPin(platform) {
  const pins = JSON.parse(await readFile(new URL('./node-pins.json', import.meta.url), 'utf8'));
  if (Object.hasOwn(pins, platform)) return pins[platform];
  throw new SetupError(
    `Parley runs on Node ${majorMin} or newer; this is ${process.versions.node}, and setup can fetch a newer one only for ${Object.keys(pins).join(', ')}, not for ${platform}. Nothing was installed. Install Node ${majorMin} from nodejs.org or with your package manager, and run it again.`,
  );
}

function placeOf(stateFolder, pin) {
  return join(stateFolder, 'node24', `${pin.package}-${pin.version}`);
}

/** The running Node if it is new enough, else the one that setup fetched earlier, else undefined. */
export async function findRuntime(stateFolder, running = process) {
  if (isNewEnough(running.versions.node)) return running.execPath;
  const node = join(placeOf(stateFolder, await readPin(`${running.platform}-${running.arch}`)), 'bin', 'node');
  return access(node).then(
    () => node,
    () => undefined,
  );
}

/**
 * Fetches the pinned Node into the state folder and returns its path. Bytes are compared with the pinned sha512 before
 * anything is unpacked, and the folder gets its final name last: a killed run leaves only a `partial-` folder, which the
 * next run removes. The caller holds the setup lock.
 */
export async function installRuntime(stateFolder, running = process) {
  const pin = await readPin(`${running.platform}-${running.arch}`);
  const place = placeOf(stateFolder, pin);
  console.error(
    `Fetching Node ${pin.version} for Parley (about 50 MB, once only; yours is ${running.versions.node}) …`,
  );
  await mkdir(join(stateFolder, 'node24'), { recursive: true });
  await removePartials(join(stateFolder, 'node24'));
  const partial = await mkdtemp(join(stateFolder, 'node24', 'partial-'));
  try {
    const archive = await fetchArchive(pin, partial, running.execPath);
    await unpack(archive, partial);
    const node = join(partial, 'package', 'bin', 'node');
    await checkItRuns(node, pin);
    await rm(place, { recursive: true, force: true });
    await rename(join(partial, 'package'), place);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return join(place, 'bin', 'node');
}

async function removePartials(folder) {
  const names = await readdir(folder);
  const partials = names.filter((name) => name.startsWith('partial-'));
  await Promise.all(partials.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function fetchArchive(pin, folder, node) {
  const { code, stdout, stderr } = await runNpm(
    ['pack', `${pin.package}@${pin.version}`, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
    { cwd: folder, node },
  );
  if (code !== 0) {
    throw new SetupError(
      `npm could not fetch ${pin.package}@${pin.version}; it said:\n${stderr.trim()}\nNo Node was installed. Run setup again, or install Node ${majorMin} yourself.`,
    );
  }
  const archive = join(folder, stdout.trim().split('\n').at(-1));
  const found = await integrityOf(archive);
  if (found !== pin.integrity) {
    throw new SetupError(
      `The archive of ${pin.package}@${pin.version} is not the one Parley was checked with (expected ${pin.integrity}, got ${found}). It was thrown away and not run. Run setup again; if it happens again, do not trust that registry.`,
    );
  }
  return archive;
}

/** The `sha512-<base64>` of a file, in the form that npm uses. */
async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

async function unpack(archive, folder) {
  try {
    await run('tar', ['-xzf', archive, '-C', folder], { timeout: unpackTimeoutMs });
  } catch (error) {
    throw new SetupError(`Setup could not unpack Node with "tar" (${error.message.trim()}). No Node was installed.`, {
      cause: error,
    });
  }
}

async function checkItRuns(node, pin) {
  const answer = await run(node, ['--version'], { timeout: 30_000 }).catch((error) => ({ stdout: error.message }));
  if (answer.stdout.trim() === `v${pin.version}`) return;
  throw new SetupError(
    `The fetched Node ${pin.version} does not run on this machine (${answer.stdout.trim()}); it needs a system with glibc. It was removed. Install Node ${majorMin} with your package manager and run setup again.`,
  );
}
