import { BrowserTabLink } from './browser/browser-tab-link.ts';
import { openDatabase } from './browser/database.ts';
import { IndexedDbOutboxStorage, IndexedDbStateStorage, IndexedDbTokenStorage } from './browser/indexed-db-storages.ts';
import { type Client, createClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';

export { BrowserTabLink } from './browser/browser-tab-link.ts';
export { openDatabase } from './browser/database.ts';
export {
  IndexedDbOutboxStorage,
  IndexedDbStateStorage,
  IndexedDbTokenStorage,
} from './browser/indexed-db-storages.ts';

/**
 * A client for a page: everything in IndexedDB under `name`, shared by all tabs of the browser profile, of which one is connected and sends. On a page
 * without a secure origin there are no locks, and each tab is a client for itself with nothing stored.
 */
export async function createBrowserClient(
  options: Pick<ClientOptions, 'url' | 'codec' | 'environment'> & { readonly name: string },
): Promise<Client> {
  const client = await createClient(isSecureContext ? { ...options, ...sharedBy(options.name) } : options);
  addEventListener('online', () => client.networkChanged(true));
  addEventListener('offline', () => client.networkChanged(false));
  // A page that is left may be killed without another word, or come back as it was.
  addEventListener('pagehide', () => client.putAway());
  addEventListener('pageshow', () => client.lookedAt());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.lookedAt();
  });
  return client;
}

function sharedBy(name: string): Pick<ClientOptions, 'storage' | 'outbox' | 'tokens' | 'tabs'> {
  const database = openDatabase(name);
  return {
    storage: new IndexedDbStateStorage(database),
    outbox: new IndexedDbOutboxStorage(database),
    tokens: new IndexedDbTokenStorage(database),
    tabs: new BrowserTabLink(name),
  };
}
