import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Builds the app into `dist/`: hashed files, a service worker that knows them, and a compressed copy of each beside it. */

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest']);
/** Large and seldom looked at; kept when it has been fetched once. */
const FETCHED_ON_USE = /\/compact-/;

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `/${join(entry.parentPath, entry.name).slice(dist.length + 1)}`)
    .sort();
}

async function buildServiceWorker(): Promise<void> {
  const files = (await filesOf(dist)).filter((file) => !FETCHED_ON_USE.test(file));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(dist, file)));
  const precache = { version: hash.digest('hex').slice(0, 16), files };
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { PRECACHE: JSON.stringify(precache) },
    build: {
      emptyOutDir: false,
      rolldownOptions: {
        input: join(root, 'src/service-worker/service-worker.ts'),
        output: { entryFileNames: 'service-worker.js' },
      },
    },
  });
}

async function compress(file: string): Promise<void> {
  const content = await readFile(join(dist, file));
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  };
  await writeFile(join(dist, `${file}.br`), await promisify(brotliCompress)(content, quality));
  await writeFile(join(dist, `${file}.gz`), await promisify(gzip)(content, { level: 9 }));
}

// Whoever starts this (a test runner, for example) may have named another environment, and React would come in its slow form.
process.env.NODE_ENV = 'production';
await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
await buildServiceWorker();
for (const file of await filesOf(dist)) if (COMPRESSED.has(extname(file))) await compress(file);
