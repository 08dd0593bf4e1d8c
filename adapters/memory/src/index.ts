export { MemoryBroker } from './broker.ts';
export { MemoryOneTimeSecrets } from './one-time-secrets.ts';
export { openMemoryStores } from './open-memory-stores.ts';
export { MemoryPresenceStore } from './presence-store.ts';
export { MemoryRateLimiter } from './rate-limiter.ts';
