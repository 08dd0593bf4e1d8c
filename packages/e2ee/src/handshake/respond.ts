import { EMPTY } from '../bytes/bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { InitialFields, Profile } from '../profile/profile.ts';
import { type RatchetKeyPair, responderState } from '../ratchet/ratchet-state.ts';
import type { Session } from '../session/session.ts';
import { areAllThere } from './initiate.ts';
import type { KemPreKeySecret } from './pre-keys.ts';

/** The secret halves of the pre-keys that an initial message names, as far as they still exist. */
export interface PreKeySecrets {
  readonly signedPreKey: RatchetKeyPair | undefined;
  readonly oneTimePreKey: RatchetKeyPair | undefined;
  readonly kemPreKey: KemPreKeySecret | undefined;
}

export type RespondOutcome =
  | { readonly kind: 'opened'; readonly session: Session }
  | {
      readonly kind: 'refused';
      /** `pre_key_gone`: used before, expired, or never ours; a fresh handshake heals it. */
      readonly reason: 'identity_not_bound' | 'pre_key_gone' | 'key_unusable';
    };

/** The responder's half of X3DH §3.4 and PQXDH §3.4. The caller deletes the one-time keys when the first message has opened. */
export async function respondToInitial(
  provider: CryptoProvider,
  profile: Profile,
  self: DeviceIdentity,
  peer: DeviceAddress,
  initial: InitialFields,
  preKeys: PreKeySecrets,
  nowMs: number,
): Promise<RespondOutcome> {
  const { used, baseKey } = initial;
  if (!(await profile.handshakes.verifyIdentity(provider, { address: peer, identity: initial.identity }))) {
    return { kind: 'refused', reason: 'identity_not_bound' };
  }
  const { signedPreKey, oneTimePreKey, kemPreKey } = preKeys;
  const isComplete =
    (used.oneTimePreKeyId === undefined || oneTimePreKey !== undefined) &&
    (used.kem === undefined || kemPreKey !== undefined);
  if (signedPreKey === undefined || !isComplete) return { kind: 'refused', reason: 'pre_key_gone' };

  const agree = (pair: RatchetKeyPair, publicKey: Uint8Array) =>
    provider.x25519.sharedSecret(pair.secretKey.reveal(), publicKey);
  const secrets = [
    await agree(signedPreKey, initial.identity.agreementKey),
    await self.agree(baseKey),
    await agree(signedPreKey, baseKey),
    ...(oneTimePreKey === undefined ? [] : [await agree(oneTimePreKey, baseKey)]),
    ...(kemPreKey === undefined
      ? []
      : [await provider.mlKem768.decapsulate(kemPreKey.seed.reveal(), used.kem?.ciphertext ?? EMPTY)]),
  ];
  if (!areAllThere(secrets)) return { kind: 'refused', reason: 'key_unusable' };

  const { rootKey, sessionTag } = profile.handshakes.deriveSession(provider, secrets, {
    initiator: { address: peer, identity: initial.identity },
    responder: { address: self.address, identity: self.publicIdentity },
    baseKey,
    signedPreKey: signedPreKey.publicKey,
    oneTimePreKey: oneTimePreKey?.publicKey,
    kemPublicKey: kemPreKey?.publicKey,
    used,
  });
  return {
    kind: 'opened',
    session: {
      tag: sessionTag,
      baseKey,
      peerIdentity: initial.identity,
      unanswered: undefined,
      createdAtMs: nowMs,
      ratchet: responderState(rootKey, signedPreKey),
    },
  };
}
