import { mkdir } from 'node:fs/promises';
import { Argon2PasswordHasher } from '@parley/argon2';
import {
  type Core,
  createIds,
  defaultSettings,
  finishErasing,
  type Log,
  publishUserEntries,
  type Stores,
} from '@parley/core';
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
import type { Metrics } from './metrics.ts';
import { makeSecrets, readSecrets, temporarySecrets } from './secrets.ts';
import { StartError } from './start-error.ts';

/** A core with its engines, and how to let go of them. */
export interface Composition {
  readonly core: Core;
  /** Resolves when the store has taken a write and answered a read; rejects when it cannot. */
  checkStore(): Promise<void>;
  /** Finishes what was accepted and closes the store. */
  close(): Promise<void>;
}

interface OpenStores {
  readonly stores: Stores;
  check(): Promise<void>;
  close(): Promise<void>;
}

async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new StartError(
      `The server was not started: the folder ${directory} cannot be made (${code}). Choose another with --data, or give this user the right to make it.`,
      { cause },
    );
  }
}

async function openStores(config: Config, log: Log): Promise<OpenStores> {
  switch (config.store) {
    case 'memory':
      return { stores: openMemoryStores(), check: () => Promise.resolve(), close: () => Promise.resolve() };
    case 'sqlite': {
      const { openSqliteStores } = await import('@parley/sqlite');
      await makeDataDirectory(config.dataDirectory);
      return await openSqliteStores({ directory: config.dataDirectory, readerCount: config.readerCount, log });
    }
  }
}

/** The only place that names an adapter: decides from the configuration which engine stands behind each port. */
export async function compose(config: Config, log: Log, metrics: Metrics): Promise<Composition> {
  // Before the store is opened: secrets that are damaged leave everything as it is.
  const keptSecrets = config.store === 'memory' ? await temporarySecrets() : await readSecrets(config.dataDirectory);
  const { stores, check, close } = await openStores(config, log);
  try {
    const secrets = keptSecrets ?? (await makeSecrets(config.dataDirectory));
    const core: Core = {
      ...stores,
      messageLog: metrics.timed(stores.messageLog),
      broker: new MemoryBroker({ onError: (error) => log.error('broker.listener_failed', { error }) }),
      presenceStore: new MemoryPresenceStore({ timeToLiveMs: defaultSettings.presenceTtlMs }),
      oneTimeSecrets: new MemoryOneTimeSecrets(),
      rateLimiter: metrics.counted(new MemoryRateLimiter()),
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
        conversationWritesPerMinute: config.conversationWritesPerMinute,
        connectionsPerMinute: config.connectionsPerMinute,
        loginAttemptsPerAccountAndAddress: config.loginAttempts,
        requestsPerMinute: config.requestsPerMinute,
      },
    };
    publishUserEntries(core);
    void finishErasing(core);
    return { core, checkStore: check, close };
  } catch (error) {
    await close();
    throw error;
  }
}
