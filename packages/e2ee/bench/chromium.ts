import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

/**
 * `node packages/e2ee/bench/chromium.ts [path of the browser]`: the browser's two providers in headless Chromium. Serves the sources
 * over loopback, with their types stripped and an import map for the noble libraries; nothing is bundled.
 */
const ROOT = join(import.meta.dirname, '../../..');
const BROWSER = process.argv[2] ?? '/usr/bin/chromium';
const DEADLINE_MS = 180_000;

const NOBLE = ['ciphers', 'curves', 'hashes', 'post-quantum'].map((name) => `@noble/${name}/`);
const IMPORT_MAP = JSON.stringify({
  imports: Object.fromEntries(NOBLE.map((name) => [name, `/node_modules/${name}`])),
});
const PAGE = `<!doctype html><title>bench</title><script type="importmap">${IMPORT_MAP}</script>
<script type="module" src="/packages/e2ee/bench/page.ts"></script>`;

function serveFile(path: string, response: ServerResponse): void {
  const file = normalize(join(ROOT, path));
  if (!file.startsWith(ROOT)) throw new Error('The path leaves the repository.');
  const source = readFileSync(file, 'utf8');
  response.writeHead(200, { 'content-type': 'text/javascript' });
  response.end(extname(file) === '.ts' ? stripTypeScriptTypes(source) : source);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

const CLOCK_TICK_MS = 10;

/** Processor time of the browser and all its children so far, in ms (proc(5): fields 14 and 15 of stat, in ticks of 10 ms). */
function browserCpuMs(root: number): number {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statFieldsOf(entry);
    parents.set(Number(entry), Number(fields[1]));
    ticks.set(Number(entry), Number(fields[11]) + Number(fields[12]));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isOurs(parents.get(pid)));
  let sum = 0;
  for (const [pid, count] of ticks) if (isOurs(pid)) sum += count;
  return sum * CLOCK_TICK_MS;
}

/** From field 3 on, behind the command's name, which may contain anything. */
function statFieldsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    // The process has ended since the listing.
    return [];
  }
}

const result = Promise.withResolvers<string>();
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST' && pathname === '/result') {
      result.resolve(await bodyOf(request));
      response.end();
    } else if (pathname === '/cpu') {
      response.end(String(browserCpuMs(browser.pid ?? 0)));
    } else if (pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    } else serveFile(pathname, response);
  } catch {
    response.writeHead(404).end();
  }
}

// `answer` catches everything itself.
const server = createServer((request, response) => void answer(request, response));
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});

const profile = mkdtempSync(join(tmpdir(), 'e2ee-bench-'));
// The cast holds: the server listens on a port.
const { port } = server.address() as AddressInfo;
const browser = spawn(
  BROWSER,
  [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
    `http://127.0.0.1:${port}/`,
  ],
  { stdio: 'ignore' },
);
const deadline = setTimeout(() => result.reject(new Error('The page gave no result in time.')), DEADLINE_MS);
browser.once('error', (error) => result.reject(error));
try {
  console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
  console.log(await result.promise);
} finally {
  clearTimeout(deadline);
  const hasEnded = new Promise((resolve) => browser.once('exit', resolve));
  if (browser.exitCode === null && browser.kill()) await hasEnded;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
