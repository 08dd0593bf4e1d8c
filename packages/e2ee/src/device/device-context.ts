import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { Profile } from '../profile/profile.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { StateVault } from '../store/state-vault.ts';
import { DurableStep } from './durable-step.ts';

/** What every operation of a device works with. */
export interface DeviceContext {
  readonly provider: CryptoProvider;
  readonly profile: Profile;
  readonly self: DeviceIdentity;
  readonly store: SessionStore;
  readonly vault: StateVault;
}

/** The state kept changing under an operation: more writers than a device should have. Nothing was applied; try again. */
export class StateContentionError extends Error {
  constructor() {
    super(
      'Another tab or process changed the state of this device at the same time, several times over. Nothing was applied. Try again.',
    );
    this.name = 'StateContentionError';
  }
}

/**
 * Runs an operation as one durable step. When another writer was faster the operation runs again from what is stored then; its
 * result leaves only after the commit. Throws `StateContentionError` after `commitAttemptsMax` attempts, and what the store throws.
 */
export async function inOneStep<Outcome>(
  context: DeviceContext,
  operation: (step: DurableStep) => Promise<Outcome>,
): Promise<Outcome> {
  for (let attempt = 0; attempt < E2EE_LIMITS.commitAttemptsMax; attempt += 1) {
    const step = new DurableStep(context.store, context.vault);
    const outcome = await operation(step);
    if ((await step.commit()) === 'committed') return outcome;
  }
  throw new StateContentionError();
}
