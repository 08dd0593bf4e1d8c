import { safetyNumber } from '@parley/e2ee';
import { nodeProvider as provider } from '@parley/e2ee/node';
import { signXEdDsa, verifyXEdDsa } from '@parley/e2ee/signal';
import * as signal from '@signalapp/libsignal-client';

const SIGNATURES = 200;
const SAFETY_NUMBERS = 20;

/** Signatures made by either side and verified by the other, spoilt ones included. */
export async function compareSignatures(): Promise<{ checked: number; mismatches: number }> {
  let mismatches = 0;
  for (let count = 0; count < SIGNATURES; count += 1) {
    const key = signal.PrivateKey.generate();
    const publicKey = key.getPublicKey();
    const message = Buffer.from(provider.randomBytes(count));
    const theirs = key.sign(message);
    // libsignal's private keys are raw scalars, already clamped.
    const ours = Buffer.from(signXEdDsa(serialized(key), message, provider.randomBytes(64)));
    const spoilt = Buffer.from(ours);
    spoilt[count % 32] = (spoilt[count % 32] ?? 0) ^ 1;
    const raw = publicKey.getPublicKeyBytes();
    const isAlike =
      verifyXEdDsa(raw, message, theirs) &&
      publicKey.verify(message, ours) &&
      !publicKey.verify(message, spoilt) &&
      !verifyXEdDsa(raw, message, spoilt);
    if (!isAlike) mismatches += 1;
  }
  return { checked: SIGNATURES * 4, mismatches };
}

const serialized = (key: signal.PrivateKey): Uint8Array => Uint8Array.from(key.serialize());

/** Signal's 60 digits over the same keys and names. */
export function compareSafetyNumbers(): { checked: number; mismatches: number } {
  let mismatches = 0;
  for (let count = 0; count < SAFETY_NUMBERS; count += 1) {
    const [one, other] = [signal.PrivateKey.generate().getPublicKey(), signal.PrivateKey.generate().getPublicKey()];
    const [oneId, otherId] = [`usr_${count}`, `usr_${count}_other`];
    const theirs = signal.Fingerprint.new(5_200, 2, Buffer.from(oneId), one, Buffer.from(otherId), other);
    const ours = safetyNumber(
      provider.hash,
      { userId: oneId, accountKey: one.serialize() },
      { userId: otherId, accountKey: other.serialize() },
    );
    if (theirs.displayableFingerprint().toString() !== ours) mismatches += 1;
  }
  return { checked: SAFETY_NUMBERS, mismatches };
}
