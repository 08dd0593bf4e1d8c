import { equalBytes } from '../bytes/bytes.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { RatchetHeader, RatchetMessage } from '../profile/profile.ts';
import { refreshOnReceive } from './kem-refresh.ts';
import type { RatchetMessageContext } from './ratchet-encrypt.ts';
import type { RatchetState, ReceivingChain } from './ratchet-state.ts';
import { type ChainRefusal, closeChain, takeMessageKey } from './receiving-chain.ts';

export type RatchetRefusal = ChainRefusal | 'not_authentic';

export type RatchetDecryptOutcome =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array; readonly state: RatchetState }
  /** The given state is as it was. */
  | { readonly kind: 'refused'; readonly reason: RatchetRefusal };

type DecryptContext = Omit<RatchetMessageContext, 'sessionTag'>;

/** RatchetDecrypt (Double Ratchet §3.4). The new state must be durable together with the plaintext before the server is told (R5). */
export async function ratchetDecrypt(
  context: DecryptContext,
  state: RatchetState,
  message: RatchetMessage,
): Promise<RatchetDecryptOutcome> {
  const { provider, profile, associatedData } = context;
  const { header } = message;
  const known = state.receiving.find((chain) => equalBytes(chain.ratchetKey, header.ratchetKey));
  const stepped = known === undefined ? await stepReceivingChain(context, state, header) : state;
  const chain = known ?? stepped?.receiving[0];
  if (stepped === undefined || chain === undefined) return { kind: 'refused', reason: 'not_authentic' };

  const taken = takeMessageKey(provider, profile, chain, header.counter);
  if (taken.kind === 'refused') return taken;
  const plaintext = profile.messages.open(provider, taken.messageKey, message, associatedData);
  if (plaintext === undefined) return { kind: 'refused', reason: 'not_authentic' };

  const updated = stepped.receiving.map((each) => (each === chain ? taken.chain : each));
  const receiving = known === undefined ? closePrevious(context, updated, header.previousCount) : updated;
  if (receiving === undefined) return { kind: 'refused', reason: 'too_far_ahead' };
  const kemRefresh = { ...stepped.kemRefresh, messagesSince: stepped.kemRefresh.messagesSince + 1 };
  return { kind: 'opened', plaintext, state: { ...stepped, receiving, kemRefresh } };
}

/**
 * The receiving half of a ratchet step, for a ratchet key not seen before. Nothing of it is authentic until the message opens.
 * `undefined`: no genuine message of the peer can have this header now.
 */
async function stepReceivingChain(
  { provider, profile }: DecryptContext,
  state: RatchetState,
  header: RatchetHeader,
): Promise<RatchetState | undefined> {
  if (state.ownRatchet === undefined) return undefined;
  const agreed = await provider.x25519.sharedSecret(state.ownRatchet.secretKey.reveal(), header.ratchetKey);
  const refresh = await refreshOnReceive(provider, profile, state.kemRefresh, header.kem);
  if (agreed === undefined || refresh === undefined) return undefined;
  const secrets = refresh.sharedSecret === undefined ? [agreed] : [agreed, refresh.sharedSecret];
  const { rootKey, chainKey } = profile.chains.nextRoot(provider, state.rootKey, secrets);
  const newest: ReceivingChain = {
    ratchetKey: header.ratchetKey,
    chainKey,
    nextCounter: 0,
    evictedBelow: 0,
    skipped: new Map(),
  };
  return {
    ...state,
    rootKey,
    peerRatchetKey: header.ratchetKey,
    sending: undefined,
    previousCount: state.sending?.nextCounter ?? 0,
    receiving: [newest, ...state.receiving].slice(0, E2EE_LIMITS.receivingChainsMax),
    kemRefresh: refresh.kemRefresh,
  };
}

/** Comes after the message has opened, so that a forged header cannot make us compute up to `forwardJumpMax` keys of an old chain. */
function closePrevious(
  { provider, profile }: DecryptContext,
  receiving: readonly ReceivingChain[],
  previousCount: number | undefined,
): readonly ReceivingChain[] | undefined {
  const [newest, previous, ...older] = receiving;
  if (newest === undefined || previous === undefined || previousCount === undefined) return receiving;
  const closed = closeChain(provider, profile, previous, previousCount);
  return closed && [newest, closed, ...older];
}
