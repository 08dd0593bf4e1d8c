import type { SubprotocolName } from '@parley/protocol';
import type { TokenStorage } from './api/token-storage.ts';
import type { ClientEnvironment } from './environment.ts';
import type { OutboxStorage } from './outbox/outbox-storage.ts';
import type { StateStorage } from './storage/state-storage.ts';
import type { TabLink } from './tabs/tab-link.ts';

export interface ClientOptions {
  /** Where the server is, such as `https://chat.example.org`. */
  readonly url: string;
  /** State of the last start; in memory by default. */
  readonly storage?: StateStorage;
  /** Writes that are not acknowledged; in memory by default, where they end with the process. */
  readonly outbox?: OutboxStorage;
  /** In memory by default. */
  readonly tokens?: TokenStorage;
  /** `binary` by default: about a third of the bytes. */
  readonly codec?: SubprotocolName;
  readonly environment?: ClientEnvironment;
  /** Shares the three storages with other tabs. */
  readonly tabs?: TabLink;
}
