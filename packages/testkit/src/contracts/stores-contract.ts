import { accountStoreContract } from './account-store-contract.ts';
import { conversationStoreContract } from './conversation-store-contract.ts';
import { deviceStoreContract } from './device-store-contract.ts';
import { keyBundleStoreContract } from './key-bundle-store-contract.ts';
import { mailboxContract } from './mailbox-contract.ts';
import { membershipStoreContract } from './membership-store-contract.ts';
import { messageLogContract } from './message-log-contract.ts';
import { placeStoreContract } from './place-store-contract.ts';
import type { OpenStores } from './store-test.ts';
import { storesModelContract } from './stores-model-contract.ts';
import { userLogContract } from './user-log-contract.ts';

/** The suites of all durable stores of one engine, and the model test over all of them. Engines that keep their data run `durabilityContract` as well. */
export function storesContract(engine: string, open: OpenStores): void {
  messageLogContract(engine, open);
  conversationStoreContract(engine, open);
  membershipStoreContract(engine, open);
  userLogContract(engine, open);
  accountStoreContract(engine, open);
  deviceStoreContract(engine, open);
  keyBundleStoreContract(engine, open);
  mailboxContract(engine, open);
  placeStoreContract(engine, open);
  storesModelContract(engine, open);
}
