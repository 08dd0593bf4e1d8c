import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { test as base, describe, expect } from 'vitest';
import { serveWebFiles } from './web-files.ts';

// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture depends on from this pattern
const test = base.extend('get', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-web-'));
  const app = join(folder, 'dist');
  await mkdir(join(app, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secrets.json'), 'secret');
  await writeFile(join(app, 'index.html'), '<title>Parley</title>');
  await writeFile(join(app, 'assets', 'main-3f2a.js'), 'let plain');
  await writeFile(join(app, 'assets', 'main-3f2a.js.br'), 'brotli');
  await writeFile(join(app, 'assets', 'main-3f2a.js.gz'), 'gzip');
  await symlink(join(folder, 'secrets.json'), join(app, 'linked.json'));
  const server = fastify();
  await serveWebFiles(server, app);
  onCleanup(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers });
});

describe('the web app', () => {
  test('the page is revalidated each time, and may run no script but its own', async ({ get }) => {
    const page = await get('/');
    expect(page.body).toBe('<title>Parley</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'; script-src 'self'/),
    });
    expect(String(page.headers['content-security-policy'])).not.toContain('unsafe');
    const again = await get('/', { 'if-none-match': String(page.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('files whose name holds their content stay for ever', async ({ get }) => {
    const file = await get('/assets/main-3f2a.js');
    expect([file.body, file.headers['cache-control']]).toEqual(['let plain', 'public, max-age=31536000, immutable']);
  });

  test.for([
    ['gzip, deflate, br', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
    ['', undefined, 'let plain'],
    ['identity', undefined, 'let plain'],
  ] as const)('a browser that takes "%s" gets what it can read', async ([accepted, encoding, body], { get }) => {
    const file = await get('/assets/main-3f2a.js', { 'accept-encoding': accepted });
    expect([file.headers['content-encoding'], file.body]).toEqual([encoding, body]);
    expect(file.headers).toMatchObject({ vary: 'accept-encoding', 'content-type': 'text/javascript; charset=utf-8' });
  });

  test('an address of the app itself gives the page to a browser and nothing to a program', async ({ get }) => {
    expect((await get('/conversations/42?x=1', { accept: 'text/html,*/*' })).body).toBe('<title>Parley</title>');
    const program = await get('/conversations/42', { accept: 'application/json' });
    expect([program.statusCode, program.body]).toEqual([404, 'There is nothing at this address.\n']);
  });

  test.for([
    '/../secrets.json',
    '/%2e%2e/secrets.json',
    '/..%2fsecrets.json',
    '/assets/..%5c..%5csecrets.json',
    '//etc/passwd',
    '/linked.json',
    '/assets',
    '/assets/main-3f2a.js.br',
    '/assets/main-3f2a.js%00',
  ])('nothing is served that was not listed: %s', async (url, { get }) => {
    const answer = await get(url, { accept: '*/*' });
    expect(answer.statusCode).toBe(404);
  });
});
