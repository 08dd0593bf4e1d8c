import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allProviders } from '../../test/providers.ts';
import { concatBytes } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import { commitTo, isCommittedText } from './commitment.ts';
import { readMediaDescriptor, writeMediaDescriptor } from './media-descriptor-codec.ts';
import { type MediaDescriptor, SEALED_CHUNK_BYTES, sealedBytesOf } from './media-keys.ts';
import { MediaDamagedError, openMedia, openMediaChunk } from './open-media.ts';
import { sealMedia } from './seal-media.ts';

async function seal(provider: CryptoProvider, pieces: readonly Uint8Array[]) {
  const chunks: Uint8Array[] = [];
  const sealing = sealMedia(provider, pieces);
  for (;;) {
    const next = await sealing.next();
    if (next.done) return { ciphertext: concatBytes(...chunks), descriptor: next.value };
    chunks.push(next.value);
  }
}

async function open(provider: CryptoProvider, descriptor: MediaDescriptor, pieces: readonly Uint8Array[]) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openMedia(provider, descriptor, pieces)) chunks.push(chunk);
  return concatBytes(...chunks);
}

const fileOf = (length: number): Uint8Array => new Uint8Array(length).map((_, index) => index * 31 + (index >> 8));
const cut = (bytes: Uint8Array, at: number): Uint8Array[] => [bytes.slice(0, at), bytes.slice(at)];

describe.each(allProviders)('media with provider $name', (provider) => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])(
    '[M1] a file of %i bytes comes back whole and by chunk',
    async (length) => {
      const file = fileOf(length);
      const { ciphertext, descriptor } = await seal(provider, cut(file, length >> 1));
      expect(ciphertext.length).toBe(sealedBytesOf(length));
      expect(await open(nodeProvider, descriptor, cut(ciphertext, length >> 2))).toEqual(file);
      const index = Math.floor(Math.max(0, length - 1) / 65_536);
      const sealed = ciphertext.slice(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES);
      expect(await openMediaChunk(provider, descriptor, index, sealed)).toEqual(file.slice(index * 65_536));
      expect(readMediaDescriptor(writeMediaDescriptor(descriptor))).toEqual(descriptor);
    },
  );
});

describe('media that is not what the message says', () => {
  it('[M1] cut, extended, reordered, spoilt and exchanged chunks are refused', async () => {
    const { ciphertext, descriptor } = await seal(nodeProvider, [fileOf(150_000)]);
    const chunk = (index: number) => ciphertext.slice(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES);
    const bad: Uint8Array[][] = [
      [],
      [chunk(0)],
      [chunk(0), chunk(1)],
      [chunk(1), chunk(0), chunk(2)],
      [chunk(0), chunk(0), chunk(2)],
      [ciphertext, Uint8Array.of(0)],
      [ciphertext, chunk(2)],
      [ciphertext.slice(0, -1)],
      [ciphertext.map((byte, index) => (index === 70_000 ? byte ^ 1 : byte))],
    ];
    for (const pieces of bad) await expect(open(nodeProvider, descriptor, pieces)).rejects.toThrow(MediaDamagedError);
    const shorter = { ...descriptor, plaintextBytes: 65_536 };
    await expect(open(nodeProvider, shorter, [chunk(0)])).rejects.toThrow(MediaDamagedError);
    const otherHash = { ...descriptor, ciphertextSha256: new Uint8Array(32) };
    await expect(open(nodeProvider, otherHash, [ciphertext])).rejects.toThrow(/hash/);
    const otherKey = { ...descriptor, key: new SecretBytes(new Uint8Array(32)) };
    await expect(open(nodeProvider, otherKey, [ciphertext])).rejects.toThrow(/committed/);
    await expect(openMediaChunk(nodeProvider, descriptor, 1, chunk(0))).rejects.toThrow(/chunk 1/);
  });

  it('any cut of the stream gives the same chunks', async () => {
    const { ciphertext, descriptor } = await seal(nodeProvider, [fileOf(140_000)]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(ciphertext.length), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), ciphertext.length];
        const pieces = places.slice(1).map((end, index) => ciphertext.slice(places[index], end));
        expect((await open(nodeProvider, descriptor, pieces)).length).toBe(140_000);
      }),
      { numRuns: 30 },
    );
  });

  it('a commitment holds for its text and key only', () => {
    const text = fileOf(300);
    const { openingKey, tag } = commitTo(nodeProvider, text);
    expect(isCommittedText(nodeProvider, openingKey, text, tag)).toBe(true);
    expect(isCommittedText(nodeProvider, openingKey, fileOf(299), tag)).toBe(false);
    expect(isCommittedText(nodeProvider, new SecretBytes(new Uint8Array(32)), text, tag)).toBe(false);
  });
});
