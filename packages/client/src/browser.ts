import { BrowserTabLink } from './browser/browser-tab-link.ts';
import { ClientDatabase } from './browser/database.ts';
import { IndexedDbOutboxStorage, IndexedDbStateStorage, IndexedDbTokenStorage } from './browser/indexed-db-storages.ts';
import { Lease } from './browser/lease.ts';
import { leaseWriterLock } from './browser/writer-lock.ts';
import { type Client, createClient } from './client.ts';
import type { ClientOptions } from './client-options.ts';
import { defaultEnvironment } from './environment.ts';

export { BrowserTabLink } from './browser/browser-tab-link.ts';
export { ClientDatabase } from './browser/database.ts';
export {
  IndexedDbOutboxStorage,
  IndexedDbStateStorage,
  IndexedDbTokenStorage,
} from './browser/indexed-db-storages.ts';

/**
 * A client for a page: everything in IndexedDB under `name`, shared by all tabs of the browser profile, of which one is connected and sends. A page without a
 * secure origin (http on a local network) has no Web Locks; there leases in the database take their place.
 */
export async function createBrowserClient(
  options: Pick<ClientOptions, 'url' | 'codec' | 'environment'> & { readonly name: string },
): Promise<Client> {
  const database = new ClientDatabase(options.name);
  const client = await createClient({
    ...options,
    outbox: new IndexedDbOutboxStorage(database),
    ...(isSecureContext
      ? underLocks(options.name, database)
      : underLeases(options.name, database, options.environment)),
  });
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

type Shared = Pick<ClientOptions, 'storage' | 'tokens' | 'tabs'>;

const underLocks = (name: string, database: ClientDatabase): Shared => ({
  storage: new IndexedDbStateStorage(database),
  tokens: new IndexedDbTokenStorage(database),
  tabs: new BrowserTabLink(name),
});

function underLeases(name: string, database: ClientDatabase, environment = defaultEnvironment): Shared {
  const writer = new Lease(database, 'writer');
  addEventListener('pagehide', (event) => {
    // One that may come back as it was is asked when somebody else wants to write, and found asleep.
    if (!event.persisted) writer.release();
  });
  return {
    storage: new IndexedDbStateStorage(database, writer),
    tokens: new IndexedDbTokenStorage(database, new Lease(database, 'tokens')),
    tabs: new BrowserTabLink(
      name,
      leaseWriterLock(writer, (error) => environment.report(error)),
    ),
  };
}
