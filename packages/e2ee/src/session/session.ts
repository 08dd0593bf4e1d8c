import type { PublicIdentity } from '../identity/device-identity.ts';
import type { UsedPreKeys } from '../profile/profile.ts';
import type { RatchetState } from '../ratchet/ratchet-state.ts';

/** One handshake with one device and the ratchet that grew from it. */
export interface Session {
  /** 8 bytes derived in the handshake; in the clear before each message, so that it finds its session without trying keys. */
  readonly tag: Uint8Array;
  /** The initiator's ephemeral key: names the handshake, so that its repetition is recognised. */
  readonly baseKey: Uint8Array;
  readonly peerIdentity: PublicIdentity;
  /** We began and have not read an answer yet: every message repeats these. */
  readonly unanswered: UsedPreKeys | undefined;
  /** Unix ms. */
  readonly createdAtMs: number;
  readonly ratchet: RatchetState;
}
