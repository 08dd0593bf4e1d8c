import type { CryptoProvider } from '../src/crypto/crypto-provider.ts';
import { nodeProvider } from '../src/crypto/node-provider.ts';

/** A provider that notices when a (key, nonce) pair encrypts twice: the one thing AES-GCM does not forgive. */
export interface RecordingProvider extends CryptoProvider {
  /** Encryptions so far. */
  sealedCount(): number;
  forget(): void;
  /** Place in the record, for `discardSince`. */
  mark(): number;
  /** Ciphertexts made since the mark died with their process before anyone could see them: their pairs count as unused. */
  discardSince(mark: number): void;
}

export function makeRecordingProvider(base: CryptoProvider = nodeProvider): RecordingProvider {
  const used = new Set<string>();
  const order: string[] = [];
  let count = 0;
  const record = (key: Uint8Array, nonce: Uint8Array): void => {
    const pair = Buffer.concat([key, nonce]).toString('latin1');
    if (used.has(pair)) throw new Error('A (key, nonce) pair was used twice.');
    used.add(pair);
    order.push(pair);
    count += 1;
  };
  return {
    ...base,
    aesGcm: {
      ...base.aesGcm,
      seal(key, nonce, associatedData, plaintext) {
        record(key, nonce);
        return base.aesGcm.seal(key, nonce, associatedData, plaintext);
      },
      sealBulk(key, nonce, associatedData, plaintext) {
        record(key, nonce);
        return base.aesGcm.sealBulk(key, nonce, associatedData, plaintext);
      },
    },
    sealedCount: () => count,
    forget: () => {
      used.clear();
      order.length = 0;
    },
    mark: () => order.length,
    discardSince(mark) {
      for (const pair of order.splice(mark)) used.delete(pair);
    },
  };
}
