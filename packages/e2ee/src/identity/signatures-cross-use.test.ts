import { describe, expect, it } from 'vitest';
import { addressOf, NOW } from '../../test/people.ts';
import { EMPTY } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { nodeProvider as provider } from '../crypto/node-provider.ts';
import { openGroupMessage, parseGroupMessage, sealGroupMessage } from '../groups/group-message.ts';
import { applyMembershipEntry, signMembershipEntry } from '../groups/membership-log.ts';
import { generateSenderKey } from '../groups/sender-key.ts';
import { type PreKeyBundle, refusalOfBundle } from '../handshake/pre-key-bundle.ts';
import { generateOneTimePreKeys, signPreKey } from '../handshake/pre-keys.ts';
import { classicProfile, productProfile } from '../profile/product-profile.ts';
import { openIdentity, verifyIdentityBinding } from './device-identity.ts';
import { judgeDeviceList, signDeviceList } from './device-list.ts';

/** One key signs everything that is ever signed: the worst case for a signature that passes for something else. */
const seed = new Uint8Array(32).fill(5);
const signingKey = await provider.ed25519.publicKey(seed);
const address = addressOf(1);
const { userId } = address;
const self = await openIdentity(provider, address, {
  signingSeed: new SecretBytes(seed),
  agreementSecret: new SecretBytes(new Uint8Array(32).fill(6)),
});
const keys = await generateOneTimePreKeys(provider, 1);
const sign = (kind: 'signed_pre_key' | 'kem_one_time' | 'kem_last_resort') =>
  signPreKey(productProfile, self, kind, 1, kind === 'signed_pre_key' ? keys.curve.publicKey : keys.kem.publicKey);
const signedPreKey = await sign('signed_pre_key');
const kemOneTime = await sign('kem_one_time');
const kemLastResort = await sign('kem_last_resort');
const bundle: PreKeyBundle = {
  address,
  identity: self.publicIdentity,
  signedPreKey,
  oneTimePreKey: undefined,
  kemPreKey: { ...kemOneTime, use: 'one_time' },
};
const list = { userId, accountKey: signingKey, version: 1, previousHash: EMPTY, devices: [] };
const signedList = await signDeviceList(provider, new SecretBytes(seed), list);
const entry = await signMembershipEntry(self, 'grp', undefined, { kind: 'create' });
const scope = { groupId: 'grp', sender: address, epoch: 1, membershipHash: new Uint8Array(32) };
const senderKey = {
  ...(await generateSenderKey(provider, scope, NOW)),
  signingSeed: new SecretBytes(seed),
  signingKey,
};
const message = parseGroupMessage((await sealGroupMessage(provider, senderKey, new Uint8Array(9))).payload);
if (message === undefined) throw new Error('The group message did not parse.');

/** Everything that is signed: its true signature, and whether a signature passes in its place. */
const uses: readonly (readonly [string, Uint8Array, (signature: Uint8Array) => Promise<boolean>])[] = [
  [
    'identity binding',
    self.publicIdentity.binding,
    (binding) => verifyIdentityBinding(provider, address, { ...self.publicIdentity, binding }),
  ],
  [
    'signed pre-key',
    signedPreKey.signature,
    async (signature) => {
      const given = { ...bundle, signedPreKey: { ...signedPreKey, signature } };
      return (await refusalOfBundle(provider, productProfile, given)) === undefined;
    },
  ],
  [
    'one-time KEM key',
    kemOneTime.signature,
    async (signature) => {
      const given = { ...bundle, kemPreKey: { ...kemOneTime, signature, use: 'one_time' as const } };
      return (await refusalOfBundle(provider, productProfile, given)) === undefined;
    },
  ],
  [
    'last-resort KEM key',
    kemLastResort.signature,
    async (signature) => {
      const given = { ...bundle, kemPreKey: { ...kemLastResort, signature, use: 'last_resort' as const } };
      return (await refusalOfBundle(provider, productProfile, given)) === undefined;
    },
  ],
  [
    'device list',
    signedList.signature,
    async (signature) => (await judgeDeviceList(provider, userId, undefined, { list, signature })).kind === 'accepted',
  ],
  [
    'membership entry',
    entry.signature,
    async (signature) => {
      const given = { ...entry, signature };
      return (await applyMembershipEntry(provider, undefined, given, async () => signingKey)).kind === 'applied';
    },
  ],
  [
    'group message',
    message.signature,
    async (signature) => {
      const peer = { ...senderKey, skipped: new Map<number, SecretBytes>() };
      return (await openGroupMessage(provider, peer, { ...message, signature })).kind === 'opened';
    },
  ],
];

describe('signatures', () => {
  it.each(uses)('cross-use: only its own signature passes for a %s', async (name, _signature, passes) => {
    const passing: string[] = [];
    for (const [other, signature] of uses) if (await passes(signature)) passing.push(other);
    expect(passing).toEqual([name]);
  });

  it('a bundle without a KEM key is no bundle of a profile that has one, and the classic profile asks for none', async () => {
    const stripped = { ...bundle, kemPreKey: undefined };
    expect(await refusalOfBundle(provider, productProfile, stripped)).toBe('kem_key_missing');
    expect(await refusalOfBundle(provider, classicProfile, stripped)).toBeUndefined();
  });
});
