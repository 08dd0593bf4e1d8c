import type { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { Profile } from '../profile/profile.ts';
import type { ReceivingChain } from './ratchet-state.ts';

export type ChainRefusal =
  | 'already_opened'
  /** The key was pushed out by newer skipped keys, or was used: it cannot be told which. */
  | 'key_expired'
  /** Beyond the forward jump, or behind the end that the sender has given the chain. */
  | 'too_far_ahead';

export type MessageKeyOutcome =
  | { readonly kind: 'found'; readonly messageKey: SecretBytes; readonly chain: ReceivingChain }
  | { readonly kind: 'refused'; readonly reason: ChainRefusal };

/** The key of one message and the chain without it (Double Ratchet §3.5). Steps over other messages keep their keys. */
export function takeMessageKey(
  provider: CryptoProvider,
  profile: Profile,
  chain: ReceivingChain,
  counter: number,
): MessageKeyOutcome {
  if (counter < chain.nextCounter) {
    const messageKey = chain.skipped.get(counter);
    if (messageKey === undefined) {
      return { kind: 'refused', reason: counter < chain.evictedBelow ? 'key_expired' : 'already_opened' };
    }
    const skipped = new Map(chain.skipped);
    skipped.delete(counter);
    return { kind: 'found', messageKey, chain: { ...chain, skipped } };
  }
  if (chain.chainKey === undefined) return { kind: 'refused', reason: 'too_far_ahead' };
  const advanced = advanceTo(provider, profile, chain, counter);
  if (advanced?.chainKey === undefined) return { kind: 'refused', reason: 'too_far_ahead' };
  const step = profile.chains.nextChain(provider, advanced.chainKey);
  return {
    kind: 'found',
    messageKey: step.messageKey,
    chain: { ...advanced, chainKey: step.chainKey, nextCounter: counter + 1 },
  };
}

/** Steps to `counter` and keeps the keys on the way. `undefined` when the jump is larger than `forwardJumpMax`. */
function advanceTo(
  provider: CryptoProvider,
  profile: Profile,
  chain: ReceivingChain,
  counter: number,
): ReceivingChain | undefined {
  if (counter === chain.nextCounter) return chain;
  if (counter - chain.nextCounter > E2EE_LIMITS.forwardJumpMax) return undefined;
  const skipped = new Map(chain.skipped);
  let chainKey = chain.chainKey;
  let evictedBelow = chain.evictedBelow;
  for (let index = chain.nextCounter; index < counter; index += 1) {
    if (chainKey === undefined) return undefined;
    const step = profile.chains.nextChain(provider, chainKey);
    chainKey = step.chainKey;
    // Older keys would be pushed out again before the loop ends.
    if (counter - index <= E2EE_LIMITS.skippedKeysMax) skipped.set(index, step.messageKey);
    else evictedBelow = index + 1;
  }
  for (const oldest of skipped.keys()) {
    if (skipped.size <= E2EE_LIMITS.skippedKeysMax) break;
    skipped.delete(oldest);
    evictedBelow = Math.max(evictedBelow, oldest + 1);
  }
  return { ...chain, chainKey, nextCounter: counter, evictedBelow, skipped };
}

/**
 * Ends a chain of which the sender says that it has `count` messages (PN): keeps the keys still missing and forgets the chain key,
 * so that whoever copies the state later can read nothing more of it. `undefined` when the count is absurd.
 */
export function closeChain(
  provider: CryptoProvider,
  profile: Profile,
  chain: ReceivingChain,
  count: number,
): ReceivingChain | undefined {
  if (chain.chainKey === undefined) return chain;
  if (count < chain.nextCounter) return undefined;
  const advanced = advanceTo(provider, profile, chain, count);
  return advanced && { ...advanced, chainKey: undefined };
}
