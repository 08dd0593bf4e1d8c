import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const web = join(import.meta.dirname, '../../packages/web');

/** Builds the web app when its sources are newer than what was built. */
export function buildApp(): void {
  const newest = Math.max(
    ...[web, join(web, '../client'), join(web, '../protocol')].map((folder) => newestIn(join(folder, 'src'))),
    statSync(join(web, 'build.ts')).mtimeMs,
    statSync(join(web, 'index.html')).mtimeMs,
  );
  const built = statSync(join(web, 'dist/service-worker.js.br'), { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > newest) return;
  const result = spawnSync(process.execPath, [join(web, 'build.ts')], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The web app was not built.\n${result.stderr}`);
}

const newestIn = (folder: string): number =>
  readdirSync(folder, { recursive: true }).reduce<number>(
    (newest, name) => Math.max(newest, statSync(join(folder, String(name))).mtimeMs),
    0,
  );
