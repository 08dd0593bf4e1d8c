import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { SetupError } from './setup-error.mjs';

/** What the web app is built from. */
const SOURCES = ['packages/web', 'packages/client/src', 'packages/protocol/src'];
const NOT_SOURCES = /(^|\/)(dist|node_modules|test)(\/|$)|\.test\.tsx?$/;

/** Whether the web app was built from the present sources. */
export async function isWebAppCurrent(root, stateFolder) {
  try {
    const [stamp, wanted] = await Promise.all([readFile(stampOf(stateFolder), 'utf8'), stampFor(root)]);
    await stat(join(root, 'packages/web/dist/index.html'));
    return stamp === wanted;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Builds it and notes from what; a build that failed is repeated by the next set-up. */
export async function buildWebApp(root, stateFolder, node) {
  console.error('Building the web app …');
  const wanted = await stampFor(root);
  const child = spawn(node, [join(root, 'packages/web/build.ts')], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-4_000);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new SetupError(
      `The web app could not be built; its build said:\n${complaint.trim()}\nSetup is not complete.`,
    );
  const partial = `${stampOf(stateFolder)}.${process.pid}`;
  await writeFile(partial, wanted);
  await rename(partial, stampOf(stateFolder));
}

const stampOf = (stateFolder) => join(stateFolder, 'web-app.stamp');

/** Names, sizes and times of the sources: a hundred milliseconds must be enough to see that nothing changed. */
async function stampFor(root) {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const names = (await readdir(join(root, folder), { recursive: true }))
      .filter((name) => !NOT_SOURCES.test(name))
      .sort();
    const facts = await Promise.all(names.map((name) => stat(join(root, folder, name))));
    names.forEach((name, index) => {
      if (facts[index].isFile()) hash.update(`${folder}/${name} ${facts[index].size} ${facts[index].mtimeMs}\n`);
    });
  }
  hash.update(await readFile(join(root, 'package-lock.json')));
  return `${hash.digest('hex')}\n`;
}
