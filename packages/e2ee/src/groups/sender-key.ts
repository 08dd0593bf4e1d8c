import { equalBytes } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { type CryptoProvider, KEY_BYTES } from '../crypto/crypto-provider.ts';
import type { DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { MembershipState } from './membership-log.ts';

/** Names one sender key among those a device has had: random, 8 bytes. */
export const SENDER_KEY_ID_BYTES = 8;

/** Where a sender key belongs. All of it is authenticated with every message (G1). */
export interface SenderKeyScope {
  readonly groupId: string;
  readonly sender: DeviceAddress;
  /** Of the membership log: changes with every join, leave and removal. */
  readonly epoch: number;
  /** 32 bytes, hash of the membership entry that began the epoch. */
  readonly membershipHash: Uint8Array;
}

/** The key a device sends to one group with, in one epoch. */
export interface OwnSenderKey extends SenderKeyScope {
  readonly keyId: Uint8Array;
  readonly chainKey: SecretBytes;
  /** Counter of the next message. */
  readonly nextCounter: number;
  /** Ed25519 seed, made for this key alone: it tells members apart from each other without the device's identity key. */
  readonly signingSeed: SecretBytes;
  readonly signingKey: Uint8Array;
  /** Unix ms. */
  readonly createdAtMs: number;
}

/** The same key at a device that receives. */
export interface PeerSenderKey extends SenderKeyScope {
  readonly keyId: Uint8Array;
  readonly signingKey: Uint8Array;
  readonly chainKey: SecretBytes;
  readonly nextCounter: number;
  /** Message keys that were stepped over, at most `senderKeyMessagesMax`. */
  readonly skipped: ReadonlyMap<number, SecretBytes>;
}

export async function generateSenderKey(
  provider: CryptoProvider,
  scope: SenderKeyScope,
  nowMs: number,
): Promise<OwnSenderKey> {
  const seed = provider.randomBytes(KEY_BYTES.ed25519);
  return {
    groupId: scope.groupId,
    sender: scope.sender,
    epoch: scope.epoch,
    membershipHash: scope.membershipHash,
    keyId: provider.randomBytes(SENDER_KEY_ID_BYTES),
    chainKey: new SecretBytes(provider.randomBytes(32)),
    nextCounter: 0,
    signingSeed: new SecretBytes(seed),
    signingKey: await provider.ed25519.publicKey(seed),
    createdAtMs: nowMs,
  };
}

/** G2: a new epoch, 100 messages or 7 days end a sender key. Without the last two a stable group would never heal. */
export const isSenderKeyWorn = (
  key: OwnSenderKey,
  { epoch, epochHash }: Pick<MembershipState, 'epoch' | 'epochHash'>,
  nowMs: number,
): boolean =>
  key.epoch !== epoch ||
  // The number alone does not name an epoch: a fork of the log counts the same way.
  !equalBytes(key.membershipHash, epochHash) ||
  key.nextCounter >= E2EE_LIMITS.senderKeyMessagesMax ||
  nowMs - key.createdAtMs >= E2EE_LIMITS.senderKeyAgeMsMax;
