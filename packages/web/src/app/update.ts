import { useSyncExternalStore } from 'react';

/** Looking costs a request for one small file. */
const LOOK_EVERY_MS = 60 * 60_000;

const listeners = new Set<() => void>();
let waiting: ServiceWorker | null = null;

// Trusted Types let only this policy name a script, and it knows one.
const policy = window.trustedTypes?.createPolicy('parley', { createScriptURL: () => '/service-worker.js' });

/** Registers the service worker and notices when a newer version of the app is ready. In development there is none. */
export function watchForUpdate(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another tab took the update: this page's own files may be gone from the cache.
    if (waiting !== null) location.reload();
  });
  void register();
}

async function register(): Promise<void> {
  try {
    const url = policy?.createScriptURL('') ?? '/service-worker.js';
    const registration = await navigator.serviceWorker.register(url);
    noticeWaiting(registration.waiting);
    followInstalling(registration.installing);
    registration.addEventListener('updatefound', () => followInstalling(registration.installing));
    lookNowAndThen(registration);
  } catch {
    // A page without a secure origin, or a private window: the app works, it only does not open offline.
  }
}

function followInstalling(installing: ServiceWorker | null): void {
  installing?.addEventListener('statechange', () => {
    // Without a controller this is the first visit: nothing to update.
    if (installing.state === 'installed' && navigator.serviceWorker.controller !== null) noticeWaiting(installing);
  });
}

/** The browser looks for a newer version when a page is opened; a chat stays open for weeks, so it also looks when somebody comes back to it. */
function lookNowAndThen(registration: ServiceWorkerRegistration): void {
  let lookedAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = Date.now();
    // Without a connection there is nothing to see; the next time will do.
    void registration.update().catch(() => undefined);
  });
}

function noticeWaiting(worker: ServiceWorker | null): void {
  if (worker === null) return;
  waiting = worker;
  for (const listener of [...listeners]) listener();
}

/** Whether a newer version waits. */
export function useUpdate(): { readonly isReady: boolean; take(): void } {
  const isReady = useSyncExternalStore(
    (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    () => waiting !== null,
  );
  // Drafts and the outbox are stored as they are written, so a reload loses nothing.
  return { isReady, take: () => waiting?.postMessage('take_over') };
}
