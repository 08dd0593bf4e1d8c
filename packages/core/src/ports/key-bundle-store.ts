import type { DeviceId, KeyBundle, KeyBundleUpload, UserId } from '@parley/protocol';

/** Public keys of devices; opaque. Taking a one-time key deletes it in the same atomic write: no key is ever handed out twice. */
export interface KeyBundleStore {
  /** Replaces the bundle, adds one-time keys (at most `oneTimeKeysMax` stay). Returns how many are left. */
  put(userId: UserId, deviceId: DeviceId, bundle: KeyBundleUpload, oneTimeKeysMax: number): Promise<number>;
  countOneTimeKeys(deviceId: DeviceId): Promise<number>;
  /** One bundle for each device of the user that has uploaded one. */
  take(userId: UserId): Promise<readonly KeyBundle[]>;
}
