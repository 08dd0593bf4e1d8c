import type { Stores } from '@parley/core';
import { MemoryAccountStore } from './account-store.ts';
import { MemoryConversationStore } from './conversation-store.ts';
import { MemoryDeviceStore } from './device-store.ts';
import { MemoryKeyBundleStore } from './key-bundle-store.ts';
import { MemoryMailbox } from './mailbox.ts';
import { MemoryMembershipStore } from './membership-store.ts';
import { MemoryMessageLog } from './message-log.ts';
import { MemoryPlaceStore } from './place-store.ts';
import { State } from './state.ts';
import { MemoryUserLog } from './user-log.ts';

/** Stores that live and die with the process: the reference for every other engine, and enough for tests. `epoch`: 1 to 32 characters. */
export function openMemoryStores(options: { readonly epoch?: string } = {}): Stores {
  const state = new State(options.epoch ?? crypto.randomUUID().slice(0, 8));
  return {
    messageLog: new MemoryMessageLog(state),
    conversationStore: new MemoryConversationStore(state),
    membershipStore: new MemoryMembershipStore(state),
    userLog: new MemoryUserLog(state),
    accountStore: new MemoryAccountStore(state),
    deviceStore: new MemoryDeviceStore(state),
    keyBundleStore: new MemoryKeyBundleStore(state),
    mailbox: new MemoryMailbox(state),
    placeStore: new MemoryPlaceStore(state),
  };
}
