import { describe, expect, it } from 'vitest';
import { addressOf, makeDevice, NOW } from '../../test/people.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import { productProfile } from '../profile/product-profile.ts';
import { keyBundleUploadOf, preKeyBundleOf } from './bundle-wire.ts';
import { refusalOfBundle } from './pre-key-bundle.ts';

describe('bundles on the wire', () => {
  it('what a device uploads fits the contract and is a sound bundle where it arrives, with and without one-time keys', async () => {
    const { device, address } = await makeDevice(addressOf(1));
    const upload = keyBundleUploadOf(await device.publishPreKeys({ oneTimeKeysLeft: 0, nowMs: NOW }));
    // The contract: a key has at most 4,096 characters, a request at most 65,536 bytes.
    expect(JSON.stringify(upload).length).toBeLessThan(65_536);
    expect(Math.max(...(upload.one_time_keys ?? []).map(({ key }) => key.length))).toBeLessThan(4_096);
    const base = {
      device_id: address.deviceId,
      identity_key: upload.identity_key,
      signed_pre_key: upload.signed_pre_key,
      last_resort_key: upload.last_resort_key ?? null,
    };
    for (const oneTimeKey of [upload.one_time_keys?.[0] ?? null, null]) {
      const bundle = preKeyBundleOf(address.userId, { ...base, one_time_key: oneTimeKey });
      if (bundle === undefined) throw new Error('The bundle did not parse.');
      expect(bundle.kemPreKey?.use).toBe(oneTimeKey === null ? 'last_resort' : 'one_time');
      expect(await refusalOfBundle(nodeProvider, productProfile, bundle)).toBeUndefined();
    }
    const damaged = { ...base, one_time_key: null, identity_key: `${upload.identity_key}A` };
    expect(preKeyBundleOf(address.userId, damaged)).toBeUndefined();
  });
});
