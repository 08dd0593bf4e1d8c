import { describe, expect, it } from 'vitest';
import { nodeProvider as provider } from '../crypto/node-provider.ts';
import { signXEdDsa, verifyXEdDsa } from './xeddsa.ts';

describe('XEdDSA', () => {
  it('signatures verify under the X25519 key, whatever the sign of its Edwards form, and nothing else does', async () => {
    for (let count = 0; count < 16; count += 1) {
      const { publicKey, secretKey } = await provider.x25519.generate();
      const message = provider.randomBytes(40);
      const signature = signXEdDsa(secretKey, message, provider.randomBytes(64));
      expect(verifyXEdDsa(publicKey, message, signature)).toBe(true);
      expect(verifyXEdDsa(publicKey, provider.randomBytes(40), signature)).toBe(false);
      expect(verifyXEdDsa(provider.randomBytes(32), message, signature)).toBe(false);
      expect(verifyXEdDsa(publicKey, message, signature.slice(1))).toBe(false);
    }
    // u = -1 has no Edwards form.
    const minusOne = Uint8Array.of(0xec, ...new Uint8Array(30).fill(0xff), 0x7f);
    expect(verifyXEdDsa(minusOne, new Uint8Array(1), new Uint8Array(64))).toBe(false);
  });
});
