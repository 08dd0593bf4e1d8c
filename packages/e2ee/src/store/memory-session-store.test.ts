import { MemorySessionStore } from './memory-session-store.ts';
import { describeSessionStoreContract } from './session-store-contract.ts';

describeSessionStoreContract('memory', async () => new MemorySessionStore());
