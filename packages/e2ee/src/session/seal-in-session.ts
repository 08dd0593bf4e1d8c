import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import type { Party, Profile } from '../profile/profile.ts';
import { ratchetEncrypt } from '../ratchet/ratchet-encrypt.ts';
import type { Session } from './session.ts';

/** What every operation on a session needs to know of its two ends. */
export interface SessionEnds {
  readonly provider: CryptoProvider;
  readonly profile: Profile;
  readonly self: DeviceIdentity;
  readonly peer: DeviceAddress;
}

export type SealOutcome =
  | { readonly kind: 'sealed'; readonly payload: Uint8Array; readonly session: Session }
  | { readonly kind: 'refused'; readonly reason: 'session_unusable' };

/** Encrypts one message for the peer device. `conversation` must be the same text at both ends; it is authenticated, not sent. */
export async function sealInSession(
  ends: SessionEnds,
  session: Session,
  conversation: string,
  plaintext: Uint8Array,
): Promise<SealOutcome> {
  const { provider, profile, self } = ends;
  const outcome = await ratchetEncrypt(
    {
      provider,
      profile,
      sessionTag: session.tag,
      associatedData: profile.messages.associatedData(selfParty(ends), peerParty(ends, session), conversation),
    },
    session.ratchet,
    plaintext,
  );
  if (outcome.kind === 'refused') return outcome;
  const { message } = outcome;
  const used = session.unanswered;
  const payload =
    used === undefined
      ? message
      : profile.handshakes.encodeInitial({ identity: self.publicIdentity, baseKey: session.baseKey, used, message });
  return { kind: 'sealed', payload, session: { ...session, ratchet: outcome.state } };
}

export const selfParty = ({ self }: SessionEnds): Party => ({ address: self.address, identity: self.publicIdentity });

export const peerParty = ({ peer }: SessionEnds, session: Session): Party => ({
  address: peer,
  identity: session.peerIdentity,
});
