import { Argon2PasswordHasher } from '@parley/argon2';
import { type Core, createIds, defaultSettings, type Log, publishUserEntries, type Stores } from '@parley/core';
import { JoseTokenSigner } from '@parley/jose';
import {
  MemoryBroker,
  MemoryOneTimeSecrets,
  MemoryPresenceStore,
  MemoryRateLimiter,
  openMemoryStores,
} from '@parley/memory';
import type { Config } from './config.ts';
import { consoleCodeSender } from './console-code-sender.ts';
import { nodeDigest, systemClock, systemRandom } from './environment.ts';
import { loadSecrets, temporarySecrets } from './secrets.ts';

/** A core with its engines, and how to let go of them. */
export interface Composition {
  readonly core: Core;
  /** Finishes what was accepted and closes the store. */
  close(): Promise<void>;
}

interface OpenStores {
  readonly stores: Stores;
  close(): Promise<void>;
}

async function openStores(config: Config, log: Log): Promise<OpenStores> {
  switch (config.store) {
    case 'memory':
      return { stores: openMemoryStores(), close: () => Promise.resolve() };
    case 'sqlite': {
      const { openSqliteStores } = await import('@parley/sqlite');
      return await openSqliteStores({ directory: config.dataDirectory, readerCount: config.readerCount, log });
    }
  }
}

/** The only place that names an adapter: decides from the configuration which engine stands behind each port. */
export async function compose(config: Config, log: Log): Promise<Composition> {
  const { stores, close } = await openStores(config, log);
  try {
    const secrets = await (config.store === 'memory' ? temporarySecrets() : loadSecrets(config.dataDirectory));
    const core: Core = {
      ...stores,
      broker: new MemoryBroker(),
      presenceStore: new MemoryPresenceStore({ timeToLiveMs: defaultSettings.presenceTtlMs }),
      oneTimeSecrets: new MemoryOneTimeSecrets(),
      rateLimiter: new MemoryRateLimiter(),
      passwordHasher: new Argon2PasswordHasher(),
      tokenSigner: await JoseTokenSigner.open({
        key: secrets.signingKey(),
        issuer: 'parley',
        audience: 'parley',
        clock: systemClock,
      }),
      codeSender: consoleCodeSender,
      clock: systemClock,
      random: systemRandom,
      digest: nodeDigest,
      log,
      startedAt: systemClock.now(),
      ids: createIds({ clock: systemClock, random: systemRandom, nodeNumber: 0 }),
      settings: {
        ...defaultSettings,
        serverName: config.serverName,
        registration: config.registration,
        groupMembersMax: config.groupMembersMax,
        writesPerMinute: config.writesPerMinute,
        requestsPerMinute: config.requestsPerMinute,
      },
    };
    publishUserEntries(core);
    return { core, close };
  } catch (error) {
    await close();
    throw error;
  }
}
