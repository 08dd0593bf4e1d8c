import { type KeyBundleUpload, makeDeviceId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { type OpenStores, storeTest } from './store-test.ts';

const signed = { key_id: 7, key: 'c2lnbmVk', signature: 'c2lnbmF0dXJl' };
const oneTimeKeys = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ key_id: from + index, key: `a2V5${from + index}` }));
const upload = (keys: KeyBundleUpload['one_time_keys'], identity = 'aWRlbnRpdHk'): KeyBundleUpload => ({
  identity_key: identity,
  signed_pre_key: signed,
  ...(keys === undefined ? {} : { one_time_keys: keys }),
});

/** What `KeyBundleStore` promises, shown on an engine. */
export function keyBundleStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: KeyBundleStore`, () => {
    const test = storeTest(open);

    test('[KEYS-1] a bundle comes back as it was uploaded, with one one-time key', async ({ stores, build }) => {
      const bob = await build.person();
      const last_resort_key = { key_id: 9, key: 'bGFzdA', signature: 'c2ln' };
      const bundle = { ...upload(oneTimeKeys(1, 3)), last_resort_key };
      expect(await stores.keyBundleStore.put(bob.userId, bob.deviceId, bundle, 10)).toBe(3);
      const [taken, ...none] = await stores.keyBundleStore.take(bob.userId);
      expect(none).toEqual([]);
      expect(taken).toEqual({
        device_id: bob.deviceId,
        identity_key: bundle.identity_key,
        signed_pre_key: signed,
        last_resort_key,
        one_time_key: taken?.one_time_key,
      });
      expect(oneTimeKeys(1, 3)).toContainEqual(taken?.one_time_key);
      expect(await stores.keyBundleStore.countOneTimeKeys(bob.deviceId)).toBe(2);
    });

    test('[KEYS-1] when the one-time keys are used up the bundle still comes, without one', async ({
      stores,
      build,
    }) => {
      const bob = await build.person();
      await stores.keyBundleStore.put(bob.userId, bob.deviceId, upload(undefined), 10);
      expect(await stores.keyBundleStore.take(bob.userId)).toEqual([
        {
          device_id: bob.deviceId,
          identity_key: 'aWRlbnRpdHk',
          signed_pre_key: signed,
          last_resort_key: null,
          one_time_key: null,
        },
      ]);
    });

    test('[KEYS-1] under concurrent askers no one-time key is handed out twice', async ({ stores, build }) => {
      const bob = await build.person();
      await stores.keyBundleStore.put(bob.userId, bob.deviceId, upload(oneTimeKeys(1, 10)), 10);
      const taken = (
        await Promise.all(Array.from({ length: 25 }, () => stores.keyBundleStore.take(bob.userId)))
      ).flat();
      const keyIds = taken.flatMap(({ one_time_key }) => (one_time_key === null ? [] : [one_time_key.key_id]));
      expect(taken).toHaveLength(25);
      expect(keyIds.sort((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await stores.keyBundleStore.countOneTimeKeys(bob.deviceId)).toBe(0);
    });

    test('[KEYS-1] an upload replaces the bundle and adds to the one-time keys', async ({ stores, build }) => {
      const bob = await build.person();
      const put = (bundle: KeyBundleUpload) => stores.keyBundleStore.put(bob.userId, bob.deviceId, bundle, 10);
      await put(upload(oneTimeKeys(1, 2)));
      expect(await put(upload(oneTimeKeys(3, 2), 'bmV3'))).toBe(4);
      expect(await put(upload(oneTimeKeys(3, 2), 'bmV3'))).toBe(4);
      const keyIds = [];
      for (let asked = 0; asked < 4; asked += 1) {
        const [bundle] = await stores.keyBundleStore.take(bob.userId);
        expect(bundle?.identity_key).toBe('bmV3');
        keyIds.push(bundle?.one_time_key?.key_id);
      }
      expect(keyIds.sort()).toEqual([1, 2, 3, 4]);
    });

    test('[KEYS-1] at most so many one-time keys stay', async ({ stores, build }) => {
      const bob = await build.person();
      expect(await stores.keyBundleStore.put(bob.userId, bob.deviceId, upload(oneTimeKeys(1, 4)), 5)).toBe(4);
      expect(await stores.keyBundleStore.put(bob.userId, bob.deviceId, upload(oneTimeKeys(5, 4)), 5)).toBe(5);
      expect(await stores.keyBundleStore.countOneTimeKeys(bob.deviceId)).toBe(5);
    });

    test('[KEYS-1] each device that has uploaded gives a bundle, others none', async ({ stores, build }) => {
      const bob = await build.person();
      const phone = await build.deviceOf(bob.userId);
      await build.deviceOf(bob.userId);
      for (const { deviceId } of [bob, phone]) {
        await stores.keyBundleStore.put(bob.userId, deviceId, upload(oneTimeKeys(1, 1), deviceId.slice(4)), 10);
      }
      const bundles = await stores.keyBundleStore.take(bob.userId);
      expect(bundles.map(({ device_id }) => device_id).sort()).toEqual([bob.deviceId, phone.deviceId].sort());
      for (const { device_id, identity_key, one_time_key } of bundles) {
        expect(identity_key).toBe(device_id.slice(4));
        expect(one_time_key?.key_id).toBe(1);
      }
      expect(await stores.keyBundleStore.take(build.account().userId)).toEqual([]);
      expect(await stores.keyBundleStore.countOneTimeKeys(makeDeviceId(build.nextIdNumber()))).toBe(0);
    });
  });
}
