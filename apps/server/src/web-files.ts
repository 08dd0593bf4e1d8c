import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** No third party, no inline script, no string made into code or markup. `style-src` has no inline either: styles are set through the object model. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types parley',
].join('; ');

interface WebFile {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  /** Files whose name holds a hash of their content never change. */
  readonly immutable: boolean;
  readonly encodings: ReadonlySet<string>;
}

async function listFiles(directory: string): Promise<ReadonlyMap<string, WebFile>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).replaceAll('\\', '/'));
  const all = new Set(names);
  const files = new Map<string, WebFile>();
  for (const name of names) {
    if (name.endsWith('.br') || name.endsWith('.gz')) continue;
    const { size, mtimeMs } = await stat(join(directory, name));
    files.set(name, {
      path: join(directory, name),
      type: MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
      etag: `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`,
      immutable: name.startsWith('/assets/'),
      encodings: new Set(
        [
          ['br', '.br'],
          ['gzip', '.gz'],
        ]
          .filter(([, suffix]) => all.has(name + suffix))
          .map(([encoding]) => encoding ?? ''),
      ),
    });
  }
  return files;
}

const SUFFIX: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };

const WEB_APP = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url));

/** The folder of the built web app; undefined where it was not built: the server then serves the API alone. */
export async function findWebApp(): Promise<string | undefined> {
  const built = await stat(join(WEB_APP, 'index.html')).catch(() => undefined);
  return built?.isFile() === true ? WEB_APP : undefined;
}

/**
 * Serves the built web app: hashed assets for ever, everything else revalidated, precompressed files where the browser takes them. A path that is no file and
 * asks for a page gets the app, which has its own addresses. Only files that were there at the start are served: no path is ever joined from a request.
 */
export async function serveWebFiles(server: FastifyInstance, directory: string): Promise<void> {
  const files = await listFiles(directory);
  const app = files.get('/index.html');

  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = '/'] = request.url.split('?', 1);
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    const file = files.get(path === '/' ? '/index.html' : path) ?? (wantsPage ? app : undefined);
    if (file === undefined)
      return reply.code(404).type('text/plain; charset=utf-8').send('There is nothing at this address.\n');
    reply.headers({
      'content-type': file.type,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: file.etag,
      vary: 'accept-encoding',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = ['br', 'gzip'].find((candidate) => file.encodings.has(candidate) && accepted.includes(candidate));
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    return reply.send(createReadStream(file.path + (encoding === undefined ? '' : (SUFFIX[encoding] ?? ''))));
  };

  server.route({ method: ['GET', 'HEAD'], url: '/*', handler: answer });
}
