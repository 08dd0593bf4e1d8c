import type { SecretBytes } from '../bytes/secret-bytes.ts';
import type { KemField } from '../profile/profile.ts';

/**
 * One end of a Double Ratchet (§3.2). Values are never changed in place: each step gives a new state and leaves the old one as it
 * was, so a message that turns out to be forged leaves no trace.
 */
export interface RatchetState {
  readonly rootKey: SecretBytes;
  /** DHs. Absent before the initiator's first message. */
  readonly ownRatchet: RatchetKeyPair | undefined;
  /** DHr. Absent before the responder's first receipt. */
  readonly peerRatchetKey: Uint8Array | undefined;
  /** Absent after a ratchet step of the peer: our own step waits for our next message, so that a burst costs one. */
  readonly sending: SendingChain | undefined;
  /** PN: messages in our sending chain before this one. */
  readonly previousCount: number;
  /** Newest first, at most `receivingChainsMax`. */
  readonly receiving: readonly ReceivingChain[];
  readonly kemRefresh: KemRefresh;
}

export interface RatchetKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: SecretBytes;
}

export interface SendingChain {
  readonly chainKey: SecretBytes;
  /** Counter of the next message. */
  readonly nextCounter: number;
  /** In the header of every message of this chain, for any of them may be the first to arrive. */
  readonly kem: KemField | undefined;
}

export interface ReceivingChain {
  readonly ratchetKey: Uint8Array;
  /** Absent once the chain is known to be complete: the skipped keys are all that is left of it. */
  readonly chainKey: SecretBytes | undefined;
  /** Counter of the next message in order. */
  readonly nextCounter: number;
  /** Below this counter a key may be missing because newer skipped keys pushed it out, not because it was used. */
  readonly evictedBelow: number;
  /** Message keys by counter, oldest first, at most `skippedKeysMax`. */
  readonly skipped: ReadonlyMap<number, SecretBytes>;
}

export interface KemRefresh {
  /** Only one end offers, so that offers never cross: the initiator of the session. */
  readonly mayOffer: boolean;
  /** Messages sent and received since the handshake or the last refresh. */
  readonly messagesSince: number;
  /** ML-KEM-768 seed of our offer that waits for its answer. */
  readonly offeredSeed: SecretBytes | undefined;
  /** ML-KEM-768 public key that the peer offered and that our next ratchet step answers. */
  readonly peerOffer: Uint8Array | undefined;
}

/** The initiator's state: the responder's signed pre-key serves as its first ratchet key (§3.3). */
export const initiatorState = (rootKey: SecretBytes, peerSignedPreKey: Uint8Array): RatchetState => ({
  rootKey,
  ownRatchet: undefined,
  peerRatchetKey: peerSignedPreKey,
  sending: undefined,
  previousCount: 0,
  receiving: [],
  kemRefresh: { mayOffer: true, messagesSince: 0, offeredSeed: undefined, peerOffer: undefined },
});

/** The responder's state (§3.3). */
export const responderState = (rootKey: SecretBytes, signedPreKey: RatchetKeyPair): RatchetState => ({
  rootKey,
  ownRatchet: signedPreKey,
  peerRatchetKey: undefined,
  sending: undefined,
  previousCount: 0,
  receiving: [],
  kemRefresh: { mayOffer: false, messagesSince: 0, offeredSeed: undefined, peerOffer: undefined },
});
