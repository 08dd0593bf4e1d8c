import type { Client } from '@parley/client';
import { createBrowserClient } from '@parley/client/browser';

/** The client of this browser profile: what it stores is shared by all tabs, one of which is connected. */
export const openClient = (): Promise<Client> => createBrowserClient({ url: location.origin, name: 'parley' });
