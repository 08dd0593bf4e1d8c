import { isAppAddress } from '../app/app-addresses.ts';

/**
 * Keeps the app on the device, so that it opens without a network; what it shows comes from the SDK's storage. It never touches the API: an answer of
 * yesterday must not look like one of today.
 */

/** Put in by the build: every file of this version, and a name that changes with them. */
declare const PRECACHE: { readonly version: string; readonly files: readonly string[] };

/** The little of a worker's world that is used here; the type library of the page and that of workers cannot be loaded together. */
interface Scope {
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(
    type: 'install' | 'activate',
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
}
// The cast holds: this file runs only as a service worker.
const scope = globalThis as unknown as Scope;

const PREFIX = 'parley-';
const CACHE = PREFIX + PRECACHE.version;

scope.addEventListener('install', (event) => {
  // `reload`: the new files, not what the browser's own cache still has of them.
  const requests = PRECACHE.files.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

scope.addEventListener('activate', (event) => event.waitUntil(forgetOlder().then(() => scope.clients.claim())));

// Only when a person has asked for it: until then open pages keep the version that they began with.
scope.addEventListener('message', (event) => {
  if (event.data === 'take_over') void scope.skipWaiting();
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    // The server has pages of its own, such as /docs.
    if (isAppAddress(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (PRECACHE.files.includes(url.pathname)) event.respondWith(kept(request));
});

/** Every address of the app is the same page. */
const page = async (request: Request): Promise<Response> => (await caches.match('/index.html')) ?? fetch(request);

const kept = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

/** Its name holds a hash of its content: what was had once is right for ever. */
async function asset(request: Request): Promise<Response> {
  const known = await caches.match(request);
  if (known !== undefined) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}
