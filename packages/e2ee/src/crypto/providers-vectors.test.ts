import { describe, expect, it } from 'vitest';
import { allProviders } from '../../test/providers.ts';
import {
  bytesOfHex,
  hexOfBytes,
  type VectorTest,
  vectorGroups,
  vectorsNotice,
  vectorsPresent,
} from '../../test/wycheproof.ts';
import { bytesOfBase64Url, concatBytes } from '../bytes/bytes.ts';

interface XdhTest extends VectorTest {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}
interface XdhJwkTest extends VectorTest {
  readonly public: { readonly kty?: string; readonly crv?: string; readonly x?: string };
  readonly private: { readonly d: string };
  readonly shared: string;
}
interface SignatureTest extends VectorTest {
  readonly msg: string;
  readonly sig: string;
}
interface AeadTest extends VectorTest {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}
interface HkdfTest extends VectorTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}
interface MacTest extends VectorTest {
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}
interface KemTest extends VectorTest {
  readonly seed: string;
  readonly ek: string;
  readonly c: string;
  readonly K: string;
}
interface KemEncapsulationTest extends VectorTest {
  readonly ek: string;
}
interface KemKeyTest extends VectorTest {
  readonly seed: string;
  readonly ek: string;
}

const HKDF_BYTES_MAX = 255 * 32;

describe.each(allProviders)(`wycheproof, provider $name (${vectorsNotice})`, (provider) => {
  it.runIf(vectorsPresent)('x25519: every shared secret matches and all-zero ones are refused', async () => {
    let count = 0;
    for (const { tests } of vectorGroups<XdhTest>('x25519_test.json')) {
      for (const test of tests) {
        const shared = await provider.x25519.sharedSecret(bytesOfHex(test.private), bytesOfHex(test.public));
        const expected = /^0+$/.test(test.shared) ? undefined : test.shared;
        expect([test.tcId, shared && hexOfBytes(shared)]).toEqual([test.tcId, expected]);
        count += 1;
      }
    }
    expect(count).toBe(518);
  });

  it.runIf(vectorsPresent)('x25519 as JWK: the same for keys in their text form', async () => {
    let count = 0;
    for (const { tests } of vectorGroups<XdhJwkTest>('x25519_jwk_test.json')) {
      for (const test of tests) {
        count += 1;
        const { kty, crv, x } = test.public;
        const publicKey = x === undefined ? undefined : bytesOfBase64Url(x);
        const secretKey = bytesOfBase64Url(test.private.d);
        const isOurs = kty === 'OKP' && crv === 'X25519' && publicKey !== undefined && secretKey?.length === 32;
        const shared = isOurs ? await provider.x25519.sharedSecret(secretKey, publicKey) : undefined;
        const expected = test.result === 'invalid' || /^0*$/.test(test.shared) ? undefined : test.shared;
        expect([test.tcId, shared && hexOfBytes(shared)]).toEqual([test.tcId, expected]);
      }
    }
    expect(count).toBe(531);
  });

  it.runIf(vectorsPresent)('ed25519: valid signatures verify, all others do not', async () => {
    let count = 0;
    for (const { tests, ...group } of vectorGroups<SignatureTest>('ed25519_test.json')) {
      // The cast holds: every group of this file carries the key its signatures belong to.
      const { pk } = group.publicKey as { pk: string };
      for (const test of tests) {
        const verified = await provider.ed25519.verify(bytesOfHex(pk), bytesOfHex(test.msg), bytesOfHex(test.sig));
        expect([test.tcId, verified]).toEqual([test.tcId, test.result === 'valid']);
        count += 1;
      }
    }
    expect(count).toBe(151);
  });

  it.runIf(vectorsPresent)(
    'AES-256-GCM with 96-bit nonces, single and bulk: seals to the byte, refuses forgeries',
    async () => {
      let count = 0;
      for (const { tests, ...group } of vectorGroups<AeadTest>('aes_gcm_test.json')) {
        // Other key and nonce sizes are not used here and not offered by the interface.
        if (group.keySize !== 256 || group.ivSize !== 96) continue;
        for (const test of tests) {
          const [key, nonce, aad] = [bytesOfHex(test.key), bytesOfHex(test.iv), bytesOfHex(test.aad)];
          const sealed = concatBytes(bytesOfHex(test.ct), bytesOfHex(test.tag));
          const expected = test.result === 'valid' ? test.msg : undefined;
          const opened = provider.aesGcm.open(key, nonce, aad, sealed);
          const openedBulk = await provider.aesGcm.openBulk(key, nonce, aad, sealed);
          expect([test.tcId, opened && hexOfBytes(opened)]).toEqual([test.tcId, expected]);
          expect([test.tcId, openedBulk && hexOfBytes(openedBulk)]).toEqual([test.tcId, expected]);
          if (test.result === 'valid') {
            expect(hexOfBytes(provider.aesGcm.seal(key, nonce, aad, bytesOfHex(test.msg)))).toBe(hexOfBytes(sealed));
            expect(hexOfBytes(await provider.aesGcm.sealBulk(key, nonce, aad, bytesOfHex(test.msg)))).toBe(
              hexOfBytes(sealed),
            );
          }
          count += 1;
        }
      }
      expect(count).toBe(66);
    },
  );

  it.runIf(vectorsPresent)('HKDF-SHA-256: every output matches', () => {
    let count = 0;
    for (const { tests } of vectorGroups<HkdfTest>('hkdf_sha256_test.json')) {
      for (const test of tests) {
        count += 1;
        const derive = () =>
          provider.hash.hkdfSha256(bytesOfHex(test.ikm), bytesOfHex(test.salt), bytesOfHex(test.info), test.size);
        if (test.size > HKDF_BYTES_MAX) expect(derive).toThrow();
        else expect([test.tcId, hexOfBytes(derive())]).toEqual([test.tcId, test.okm]);
      }
    }
    expect(count).toBe(86);
  });

  it.runIf(vectorsPresent)('HMAC-SHA-256: tags match where they are valid and differ where they are not', () => {
    let count = 0;
    for (const { tests } of vectorGroups<MacTest>('hmac_sha256_test.json')) {
      for (const test of tests) {
        const tag = hexOfBytes(provider.hash.hmacSha256(bytesOfHex(test.key), bytesOfHex(test.msg)));
        expect([test.tcId, tag.startsWith(test.tag)]).toEqual([test.tcId, test.result === 'valid']);
        count += 1;
      }
    }
    expect(count).toBe(174);
  });

  it.runIf(vectorsPresent)(
    'ML-KEM-768: decapsulation and key generation match, bad keys and lengths are refused',
    async () => {
      let count = 0;
      for (const { tests } of vectorGroups<KemTest>('mlkem_768_test.json')) {
        for (const test of tests) {
          count += 1;
          if (test.seed.length !== 128) {
            await expect(provider.mlKem768.decapsulate(bytesOfHex(test.seed), bytesOfHex(test.c))).rejects.toThrow();
            continue;
          }
          const shared = await provider.mlKem768.decapsulate(bytesOfHex(test.seed), bytesOfHex(test.c));
          const expected = test.result === 'valid' ? test.K : undefined;
          expect([test.tcId, shared && hexOfBytes(shared)]).toEqual([test.tcId, expected]);
        }
      }
      for (const { tests } of vectorGroups<KemKeyTest>('mlkem_768_keygen_seed_test.json')) {
        for (const test of tests) {
          count += 1;
          expect(hexOfBytes(await provider.mlKem768.publicKey(bytesOfHex(test.seed)))).toBe(test.ek);
        }
      }
      for (const { tests } of vectorGroups<KemEncapsulationTest>('mlkem_768_encaps_test.json')) {
        for (const test of tests) {
          count += 1;
          // No provider takes the encapsulation's randomness from outside, so the check is of acceptance and lengths.
          const made = await provider.mlKem768.encapsulate(bytesOfHex(test.ek));
          expect([test.tcId, made?.ciphertext.length]).toEqual([
            test.tcId,
            test.result === 'valid' ? 1_088 : undefined,
          ]);
        }
      }
      expect(count).toBe(193 + 100 + 265);
    },
  );
});
