import { describe, expect, it } from 'vitest';
import { CONVERSATION, NOW } from '../../test/people.ts';
import { allProviders } from '../../test/providers.ts';
import { makeSessionPeers, openAt, recordOf, sealFrom, startSession } from '../../test/sessions.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { classicProfile, productProfile } from '../profile/product-profile.ts';
import { writeSessionRecord } from '../session/session-record-codec.ts';
import { initiateSession } from './initiate.ts';
import { type PreKeyBundle, refusalOfBundle } from './pre-key-bundle.ts';

/** u = 0, 1 and a point of order 8: their products with any clamped scalar are all zero. */
const LOW_ORDER_POINTS = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (index === 5 ? byte ^ 1 : byte));

describe.each(allProviders)('handshake with provider $name', (provider) => {
  it.each([
    ['PQXDH with one-time keys', productProfile, true],
    ['PQXDH with the last-resort key', productProfile, false],
    ['X3DH with a one-time key', classicProfile, true],
    ['X3DH without', classicProfile, false],
  ] as const)('%s: both ends talk', async (_name, profile, isOneTime) => {
    const [alice, bob] = await makeSessionPeers(profile, provider, isOneTime);
    await startSession(alice, bob);
    expect(await openAt(bob, await sealFrom(alice, 'one'))).toBe('one');
    expect(await openAt(bob, await sealFrom(alice, 'two'))).toBe('two');
    expect(await openAt(alice, await sealFrom(bob, 'three'))).toBe('three');
    expect(await openAt(bob, await sealFrom(alice, 'four'))).toBe('four');
  });

  it('refuses ratchet, base and pre-keys of low order', async () => {
    const [alice, bob] = await makeSessionPeers(productProfile, provider);
    for (const point of LOW_ORDER_POINTS) {
      const key = { ...bob.bundle.signedPreKey, publicKey: point };
      const { self } = bob.ends;
      const message = productProfile.handshakes.preKeyMessage('signed_pre_key', key.keyId, point);
      const bundle = { ...bob.bundle, signedPreKey: { ...key, signature: await self.sign(message) } };
      const outcome = await initiateSession(provider, productProfile, alice.ends.self, bundle, NOW);
      expect(outcome).toEqual({ kind: 'refused', reason: 'key_unusable' });
      const oneTime = { ...bob.bundle, oneTimePreKey: { keyId: 2, publicKey: point } };
      expect((await initiateSession(provider, productProfile, alice.ends.self, oneTime, NOW)).kind).toBe('refused');
    }
    await startSession(alice, bob);
    const payload = await sealFrom(alice, 'hello');
    for (const point of LOW_ORDER_POINTS) {
      // The base key follows the first byte.
      const forged = Uint8Array.from(payload);
      forged.set(point, 1);
      expect(await openAt(bob, forged)).toBe('[key_unusable]');
    }
    expect(await openAt(bob, payload)).toBe('hello');
    const later = await sealFrom(alice, 'later');
    // Kind, tag, ratchet key, two counters, five letters, tag: the message inside the initial one.
    const inner = later.slice(later.length - (1 + 8 + 32 + 2 + 5 + 16));
    for (const point of LOW_ORDER_POINTS) {
      const forged = Uint8Array.from(inner);
      forged.set(point, 9);
      expect(await openAt(bob, forged)).toBe('[not_authentic]');
    }
  });
});

describe('bundles', () => {
  const refusal = (bundle: PreKeyBundle) => refusalOfBundle(nodeProvider, productProfile, bundle);

  it('[R8] every part that can be wrong is refused, and the sound bundle is not', async () => {
    const [alice, bob] = await makeSessionPeers();
    const { bundle } = bob;
    const kem = bundle.kemPreKey;
    if (kem === undefined) throw new Error('The bundle lacks its KEM key.');
    const { identity } = bundle;
    expect(await refusal(bundle)).toBeUndefined();
    expect(await refusal({ ...bundle, kemPreKey: undefined })).toBe('kem_key_missing');
    expect(await refusal({ ...bundle, address: alice.bundle.address })).toBe('identity_not_bound');
    const mixed = { ...identity, agreementKey: alice.bundle.identity.agreementKey };
    expect(await refusal({ ...bundle, identity: mixed })).toBe('identity_not_bound');
    const { signedPreKey } = bundle;
    for (const keyId of [-1, 0.5, 2 ** 24, Number.NaN]) {
      expect(await refusal({ ...bundle, signedPreKey: { ...signedPreKey, keyId } })).toBe('key_id_wrong');
      expect(await refusal({ ...bundle, kemPreKey: { ...kem, keyId } })).toBe('key_id_wrong');
    }
    expect(await refusal({ ...bundle, signedPreKey: { ...signedPreKey, keyId: 9 } })).toBe('signature_wrong');
    expect(
      await refusal({ ...bundle, signedPreKey: { ...signedPreKey, publicKey: flipped(signedPreKey.publicKey) } }),
    ).toBe('signature_wrong');
    expect(await refusal({ ...bundle, kemPreKey: { ...kem, publicKey: flipped(kem.publicKey) } })).toBe(
      'signature_wrong',
    );
    // A one-time key passed off as the last-resort key, and the other way round.
    expect(await refusal({ ...bundle, kemPreKey: { ...kem, use: 'last_resort' } })).toBe('signature_wrong');
    expect(await refusal({ ...bundle, kemPreKey: { ...kem, publicKey: kem.publicKey.slice(1) } })).toBe(
      'key_length_wrong',
    );
    const short = { ...signedPreKey, publicKey: signedPreKey.publicKey.slice(1) };
    expect(await refusal({ ...bundle, signedPreKey: short })).toBe('key_length_wrong');
    // The signature of one kind of key does not serve for another.
    expect(await refusal({ ...bundle, signedPreKey: { ...signedPreKey, signature: kem.signature } })).toBe(
      'signature_wrong',
    );
    expect(await refusal({ ...bundle, signedPreKey: { ...signedPreKey, signature: identity.binding } })).toBe(
      'signature_wrong',
    );
  });

  it('a signed KEM key that is no key of ML-KEM is refused when it is used', async () => {
    const [alice, bob] = await makeSessionPeers();
    const publicKey = new Uint8Array(1_184).fill(0xff);
    const message = productProfile.handshakes.preKeyMessage('kem_one_time', 2, publicKey);
    const kemPreKey = { keyId: 2, publicKey, signature: await bob.ends.self.sign(message), use: 'one_time' } as const;
    const { provider, self } = alice.ends;
    const outcome = await initiateSession(provider, productProfile, self, { ...bob.bundle, kemPreKey }, NOW);
    expect(outcome).toEqual({ kind: 'refused', reason: 'key_unusable' });
  });
});

describe('initial messages', () => {
  it('a replay is refused while the session lives, after it is gone, and when the memory of it is full', async () => {
    const [alice, bob] = await makeSessionPeers(productProfile, undefined, false);
    await startSession(alice, bob);
    const payload = await sealFrom(alice, 'hello');
    expect(await openAt(bob, payload)).toBe('hello');
    expect(await openAt(bob, payload)).toBe('[already_opened]');
    bob.stored = writeSessionRecord({ ...recordOf(bob), sessions: [] });
    expect(await openAt(bob, payload)).toBe('[handshake_replayed]');

    await startSession(alice, bob);
    const fresh = await sealFrom(alice, 'again');
    const handshakes = Array.from({ length: E2EE_LIMITS.handshakesRememberedMax }, (_, index) => ({
      baseKey: new Uint8Array(32).fill(index),
      acceptedAtMs: NOW - index,
    }));
    bob.stored = writeSessionRecord({ ...recordOf(bob), handshakes });
    expect(await openAt(bob, fresh)).toBe('[too_many_handshakes]');
    bob.stored = writeSessionRecord({
      ...recordOf(bob),
      handshakes: handshakes.map((each) => ({ ...each, acceptedAtMs: NOW - E2EE_LIMITS.handshakeMemoryMs })),
    });
    expect(await openAt(bob, fresh)).toBe('again');
  });

  it('truncated, extended and spoilt payloads are refused without effect, at every length and byte', async () => {
    const [alice, bob] = await makeSessionPeers();
    await startSession(alice, bob);
    const payload = await sealFrom(alice, 'hello');
    for (let length = 0; length < payload.length; length += 1) {
      expect(await openAt(bob, payload.slice(0, length))).toMatch(/^\[/);
    }
    expect(await openAt(bob, Uint8Array.of(...payload, 0))).toMatch(/^\[/);
    for (let at = 0; at < payload.length; at += 1) {
      const spoilt = Uint8Array.from(payload);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x80;
      expect(await openAt(bob, spoilt)).toMatch(/^\[/);
    }
    expect(await openAt(bob, payload)).toBe('hello');
  }, 60_000);

  it('the first message of 256 bytes has at most 1,700 bytes, a later one at most 64 bytes more than its text', async () => {
    const [alice, bob] = await makeSessionPeers();
    await startSession(alice, bob);
    const text = 'x'.repeat(255);
    const first = await sealFrom(alice, text);
    expect(first.length).toBeLessThanOrEqual(1_700);
    await openAt(bob, first);
    await openAt(alice, await sealFrom(bob, 'answer'));
    const later = await sealFrom(alice, text);
    expect(later.length - text.length).toBeLessThanOrEqual(64);
  });

  it('a message for one conversation does not open in another', async () => {
    const [alice, bob] = await makeSessionPeers();
    await startSession(alice, bob);
    await openAt(bob, await sealFrom(alice, 'hello'));
    const payload = await sealFrom(alice, 'for the first');
    expect(await openAt(bob, payload, 'grp_0000000000009')).toBe('[not_authentic]');
    expect(await openAt(bob, payload, CONVERSATION)).toBe('for the first');
  });

  it('an oversized counter is refused by the parser', async () => {
    const [alice, bob] = await makeSessionPeers();
    await startSession(alice, bob);
    await openAt(bob, await sealFrom(alice, 'hello'));
    await openAt(alice, await sealFrom(bob, 'hello'));
    const payload = await sealFrom(alice, 'text');
    // The counter is the varint behind kind, tag and ratchet key.
    const at = 1 + 8 + 32;
    const huge = Uint8Array.of(...payload.slice(0, at), 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, ...payload.slice(at + 1));
    expect(await openAt(bob, huge)).toBe('[malformed]');
    const large = Uint8Array.of(...payload.slice(0, at), 0xff, 0xff, 0xff, 0xff, 0x07, ...payload.slice(at + 1));
    expect(await openAt(bob, large)).toBe('[too_far_ahead]');
    const padded = Uint8Array.of(...payload.slice(0, at), 0x80, 0x00, ...payload.slice(at + 1));
    expect(await openAt(bob, padded)).toBe('[malformed]');
  });
});

describe('profiles', () => {
  it('a payload of one version means nothing in another', async () => {
    const [alice, bob] = await makeSessionPeers(classicProfile);
    await startSession(alice, bob);
    const payload = await sealFrom(alice, 'hello');
    const [, other] = await makeSessionPeers(productProfile);
    expect(await openAt(other, payload)).toBe('[malformed]');
    const renamed = Uint8Array.of((payload[0] ?? 0) - classicProfileVersion + 1, ...payload.slice(1));
    expect(await openAt(other, renamed)).toBe('[malformed]');
  });
});

const classicProfileVersion = 3;
