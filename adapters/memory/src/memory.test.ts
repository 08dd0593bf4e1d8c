import {
  brokerContract,
  oneTimeSecretsContract,
  presenceStoreContract,
  rateLimiterContract,
  storesContract,
} from '@parley/testkit';
import { MemoryBroker } from './broker.ts';
import { MemoryOneTimeSecrets } from './one-time-secrets.ts';
import { openMemoryStores } from './open-memory-stores.ts';
import { MemoryPresenceStore } from './presence-store.ts';
import { MemoryRateLimiter } from './rate-limiter.ts';

const timeToLiveMs = 60_000;
const close = async () => {};

storesContract('memory', async () => ({ stores: openMemoryStores(), close }));
brokerContract('memory', async () => {
  const broker = new MemoryBroker();
  return { here: broker, there: broker, close };
});
presenceStoreContract('memory', async () => {
  return { presenceStore: new MemoryPresenceStore({ timeToLiveMs }), timeToLiveMs, close };
});
oneTimeSecretsContract('memory', async () => ({ oneTimeSecrets: new MemoryOneTimeSecrets(), close }));
rateLimiterContract('memory', async () => ({ rateLimiter: new MemoryRateLimiter(), close }));
