import { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { KemField, Profile } from '../profile/profile.ts';
import type { KemRefresh } from './ratchet-state.ts';

/**
 * The sparse refresh by ML-KEM-768, in the manner of Apple's PQ3: one end offers a fresh KEM key in the headers of one sending
 * chain, the other answers in its next chain, and the secret goes into the root key beside the Diffie-Hellman output. An attacker
 * who once copied the state and can break X25519 is locked out after one round. Cost: 2.3 kB for each offer and answer.
 */
export interface RefreshStep {
  readonly kemRefresh: KemRefresh;
  /** Goes into KDF_RK behind the Diffie-Hellman output. */
  readonly sharedSecret: Uint8Array | undefined;
}

/** What our new sending chain says about the KEM. `undefined` when the peer's offer is no valid key. */
export async function refreshOnSend(
  provider: CryptoProvider,
  profile: Profile,
  refresh: KemRefresh,
): Promise<(RefreshStep & { readonly field: KemField | undefined }) | undefined> {
  if (refresh.peerOffer !== undefined) {
    const made = await provider.mlKem768.encapsulate(refresh.peerOffer);
    if (made === undefined) return undefined;
    return {
      kemRefresh: { ...refresh, peerOffer: undefined, messagesSince: 0 },
      sharedSecret: made.sharedSecret,
      field: { kind: 'answer', ciphertext: made.ciphertext },
    };
  }
  const isDue = profile.kemRefreshMessages !== undefined && refresh.messagesSince >= profile.kemRefreshMessages;
  if (!isDue || !refresh.mayOffer || refresh.offeredSeed !== undefined) {
    return { kemRefresh: refresh, sharedSecret: undefined, field: undefined };
  }
  const seed = provider.randomBytes(KEY_BYTES.mlKem768Seed);
  return {
    kemRefresh: { ...refresh, offeredSeed: new SecretBytes(seed) },
    sharedSecret: undefined,
    field: { kind: 'offer', publicKey: await provider.mlKem768.publicKey(seed) },
  };
}

/** What a new receiving chain of the peer says. `undefined`: an answer without an offer, or an offer out of turn. */
export async function refreshOnReceive(
  provider: CryptoProvider,
  profile: Profile,
  refresh: KemRefresh,
  field: KemField | undefined,
): Promise<RefreshStep | undefined> {
  if (field === undefined) return { kemRefresh: refresh, sharedSecret: undefined };
  if (profile.kemRefreshMessages === undefined) return undefined;
  switch (field.kind) {
    case 'offer':
      if (refresh.mayOffer) return undefined;
      return { kemRefresh: { ...refresh, peerOffer: field.publicKey }, sharedSecret: undefined };
    case 'answer': {
      if (refresh.offeredSeed === undefined) return undefined;
      const sharedSecret = await provider.mlKem768.decapsulate(refresh.offeredSeed.reveal(), field.ciphertext);
      if (sharedSecret === undefined) return undefined;
      return { kemRefresh: { ...refresh, offeredSeed: undefined, messagesSince: 0 }, sharedSecret };
    }
  }
}
