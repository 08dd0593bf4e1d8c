import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { Profile, UsedPreKeys } from '../profile/profile.ts';
import { initiatorState } from '../ratchet/ratchet-state.ts';
import type { Session } from '../session/session.ts';
import { type BundleRefusal, type PreKeyBundle, refusalOfBundle } from './pre-key-bundle.ts';

export type InitiateOutcome =
  | { readonly kind: 'opened'; readonly session: Session }
  /** `key_unusable`: a point of low order or a KEM key that is none. Nothing was computed from it. */
  | { readonly kind: 'refused'; readonly reason: BundleRefusal | 'key_unusable' };

/** The initiator's half of X3DH §3.3 and PQXDH §3.3. The session sends its initial fields until the peer answers. */
export async function initiateSession(
  provider: CryptoProvider,
  profile: Profile,
  self: DeviceIdentity,
  bundle: PreKeyBundle,
  nowMs: number,
): Promise<InitiateOutcome> {
  const refusal = await refusalOfBundle(provider, profile, bundle);
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };

  const { signedPreKey, oneTimePreKey } = bundle;
  const kemPreKey = profile.handshake === 'pqxdh' ? bundle.kemPreKey : undefined;
  const base = await provider.x25519.generate();
  const withBase = (publicKey: Uint8Array) => provider.x25519.sharedSecret(base.secretKey, publicKey);
  const kem = kemPreKey && (await provider.mlKem768.encapsulate(kemPreKey.publicKey));
  const secrets = [
    await self.agree(signedPreKey.publicKey),
    await withBase(bundle.identity.agreementKey),
    await withBase(signedPreKey.publicKey),
    ...(oneTimePreKey === undefined ? [] : [await withBase(oneTimePreKey.publicKey)]),
    ...(kemPreKey === undefined ? [] : [kem?.sharedSecret]),
  ];
  if (!areAllThere(secrets)) return { kind: 'refused', reason: 'key_unusable' };

  const used: UsedPreKeys = {
    signedPreKeyId: signedPreKey.keyId,
    oneTimePreKeyId: oneTimePreKey?.keyId,
    kem: kemPreKey && kem && { use: kemPreKey.use, keyId: kemPreKey.keyId, ciphertext: kem.ciphertext },
  };
  const { rootKey, sessionTag } = profile.handshakes.deriveSession(provider, secrets, {
    initiator: { address: self.address, identity: self.publicIdentity },
    responder: { address: bundle.address, identity: bundle.identity },
    baseKey: base.publicKey,
    signedPreKey: signedPreKey.publicKey,
    oneTimePreKey: oneTimePreKey?.publicKey,
    kemPublicKey: kemPreKey?.publicKey,
    used,
  });
  return {
    kind: 'opened',
    session: {
      tag: sessionTag,
      baseKey: base.publicKey,
      peerIdentity: bundle.identity,
      unanswered: used,
      createdAtMs: nowMs,
      ratchet: initiatorState(rootKey, signedPreKey.publicKey),
    },
  };
}

export function areAllThere(secrets: readonly (Uint8Array | undefined)[]): secrets is readonly Uint8Array[] {
  return secrets.every((secret) => secret !== undefined);
}
