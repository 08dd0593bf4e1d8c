import { describe, expect, it } from 'vitest';
import { allProviders } from '../../test/providers.ts';
import { bytesOfHex, hexOfBytes } from '../../test/wycheproof.ts';
import { EMPTY, utf8 } from '../bytes/bytes.ts';

const BASE_POINT = bytesOfHex(`09${'00'.repeat(31)}`);

describe.each(allProviders)('provider $name', (provider) => {
  it('RFC 7748 §6.1: both sides of the example agree', async () => {
    const alice = bytesOfHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
    const bob = bytesOfHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    const alicePublic = await provider.x25519.sharedSecret(alice, BASE_POINT);
    const bobPublic = await provider.x25519.sharedSecret(bob, BASE_POINT);
    expect(hexOfBytes(alicePublic ?? EMPTY)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(hexOfBytes(bobPublic ?? EMPTY)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(hexOfBytes((await provider.x25519.sharedSecret(alice, bobPublic ?? EMPTY)) ?? EMPTY)).toBe(shared);
    expect(hexOfBytes((await provider.x25519.sharedSecret(bob, alicePublic ?? EMPTY)) ?? EMPTY)).toBe(shared);
  });

  it('RFC 7748 §5.2: the iterated example holds after 1 and 1,000 rounds', async () => {
    let k = BASE_POINT;
    let u = BASE_POINT;
    for (let round = 1; round <= 1_000; round += 1) {
      const next = (await provider.x25519.sharedSecret(k, u)) ?? EMPTY;
      u = k;
      k = next;
      if (round === 1) {
        expect(hexOfBytes(k)).toBe('422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079');
      }
    }
    expect(hexOfBytes(k)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
  });

  it('RFC 8032 §7.1: test 2 signs to the byte and verifies', async () => {
    const seed = bytesOfHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
    const publicKey = await provider.ed25519.publicKey(seed);
    expect(hexOfBytes(publicKey)).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = await provider.ed25519.sign(seed, Uint8Array.of(0x72));
    expect(hexOfBytes(signature)).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(await provider.ed25519.verify(publicKey, Uint8Array.of(0x72), signature)).toBe(true);
    expect(await provider.ed25519.verify(publicKey, Uint8Array.of(0x73), signature)).toBe(false);
  });

  it('RFC 5869 appendix A: cases 1 and 3', () => {
    const inputKey = bytesOfHex('0b'.repeat(22));
    expect(
      hexOfBytes(
        provider.hash.hkdfSha256(
          inputKey,
          bytesOfHex('000102030405060708090a0b0c'),
          bytesOfHex('f0f1f2f3f4f5f6f7f8f9'),
          42,
        ),
      ),
    ).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
    expect(hexOfBytes(provider.hash.hkdfSha256(inputKey, EMPTY, EMPTY, 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });

  it('SHA-256 and SHA-512 of "abc" are those of FIPS 180-4, whole and in pieces', () => {
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const running = provider.hash.runningSha256();
    running.update(utf8('a'));
    running.update(utf8('bc'));
    expect(hexOfBytes(running.digest())).toBe(sha256);
    expect(hexOfBytes(provider.hash.sha256(utf8('abc')))).toBe(sha256);
    expect(hexOfBytes(provider.hash.sha512(utf8('abc')))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    );
  });

  it('a secret key of another length throws, a public key of another length is refused', async () => {
    const { publicKey, secretKey } = await provider.x25519.generate();
    for (const length of [0, 31, 33]) {
      await expect(provider.x25519.sharedSecret(new Uint8Array(length), publicKey)).rejects.toThrow();
      await expect(provider.ed25519.sign(new Uint8Array(length), secretKey)).rejects.toThrow();
      expect(await provider.x25519.sharedSecret(secretKey, new Uint8Array(length))).toBeUndefined();
      expect(await provider.ed25519.verify(new Uint8Array(length), secretKey, new Uint8Array(64))).toBe(false);
    }
  });

  it('keys made by one provider work in every other', async () => {
    for (const other of allProviders) {
      const mine = await provider.x25519.generate();
      const theirs = await other.x25519.generate();
      expect(await provider.x25519.sharedSecret(mine.secretKey, theirs.publicKey)).toEqual(
        await other.x25519.sharedSecret(theirs.secretKey, mine.publicKey),
      );
      const seed = other.randomBytes(64);
      const made = await provider.mlKem768.encapsulate(await other.mlKem768.publicKey(seed));
      expect(await other.mlKem768.decapsulate(seed, made?.ciphertext ?? EMPTY)).toEqual(made?.sharedSecret);
    }
  });
});
