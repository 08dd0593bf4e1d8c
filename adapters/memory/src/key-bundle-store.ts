import type { KeyBundleStore } from '@parley/core';
import type { DeviceId, KeyBundle, KeyBundleUpload, UserId } from '@parley/protocol';
import type { DeviceRow, State } from './state.ts';

export class MemoryKeyBundleStore implements KeyBundleStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async put(userId: UserId, deviceId: DeviceId, upload: KeyBundleUpload, oneTimeKeysMax: number): Promise<number> {
    const device = this.#state.devices.get(deviceId);
    if (device?.record.userId !== userId) return 0;
    const { one_time_keys: added = [], ...bundle } = upload;
    device.bundle = bundle;
    for (const { key_id, key } of added) device.oneTimeKeys.set(key_id, key);
    // The oldest go: the device has most likely thrown away their private halves.
    for (const keyId of device.oneTimeKeys.keys()) {
      if (device.oneTimeKeys.size <= oneTimeKeysMax) break;
      device.oneTimeKeys.delete(keyId);
    }
    return device.oneTimeKeys.size;
  }

  async countOneTimeKeys(deviceId: DeviceId): Promise<number> {
    return this.#state.devices.get(deviceId)?.oneTimeKeys.size ?? 0;
  }

  async take(userId: UserId): Promise<readonly KeyBundle[]> {
    return this.#state.devicesOf(userId).flatMap((device) => {
      const { bundle } = device;
      if (bundle === null) return [];
      return {
        device_id: device.record.deviceId,
        identity_key: bundle.identity_key,
        signed_pre_key: bundle.signed_pre_key,
        last_resort_key: bundle.last_resort_key ?? null,
        one_time_key: takeOldest(device.oneTimeKeys),
      };
    });
  }
}

function takeOldest(keys: DeviceRow['oneTimeKeys']): KeyBundle['one_time_key'] {
  for (const [key_id, key] of keys) {
    keys.delete(key_id);
    return { key_id, key };
  }
  return null;
}
