import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import { MemorySessionStore } from '../store/memory-session-store.ts';
import { recordNames } from '../store/record-names.ts';
import { StateVault } from '../store/state-vault.ts';
import { DurableStep } from './durable-step.ts';

describe('DurableStep', () => {
  it('[R6] a record that another writer changed between two reads of one step makes the step conflict', async () => {
    const store = new MemorySessionStore();
    const vault = new StateVault(nodeProvider, new SecretBytes(new Uint8Array(32)));
    const name = recordNames.ownSenderKey('grp');
    const step = new DurableStep(store, vault);
    await step.read(name);
    const other = new DurableStep(store, vault);
    await other.read(name);
    other.write(name, Uint8Array.of(1));
    expect(await other.commit()).toBe('committed');
    await step.read(name);
    step.write(name, Uint8Array.of(2));
    expect(await step.commit()).toBe('conflict');
  });
});
