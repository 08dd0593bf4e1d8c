import type { KeyBundle, KeyBundleUpload } from '@parley/protocol';
import { type DeviceId, idNumber, makeDeviceId, type UserId } from '@parley/protocol/ids';
import type { Write } from '../write.ts';

export interface PutKeys {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly bundle: KeyBundleUpload;
  readonly oneTimeKeysMax: number;
}

/** What is handed out every time; one-time keys have a table of their own. */
type StoredBundle = Pick<KeyBundle, 'identity_key' | 'signed_pre_key' | 'last_resort_key'>;

/** Above the maximum the oldest one-time keys go: the device has most likely forgotten those first. Returns how many are left. */
export function putKeys(write: Write, { deviceId, bundle, oneTimeKeysMax }: PutKeys): number {
  const device = idNumber(deviceId);
  const stored: StoredBundle = {
    identity_key: bundle.identity_key,
    signed_pre_key: bundle.signed_pre_key,
    last_resort_key: bundle.last_resort_key ?? null,
  };
  write.connection.run(
    'INSERT INTO key_bundle (device_id, bundle) VALUES (?, ?) ON CONFLICT (device_id) DO UPDATE SET bundle = excluded.bundle',
    device,
    JSON.stringify(stored),
  );
  for (const { key_id, key } of bundle.one_time_keys ?? []) {
    write.connection.run(
      `INSERT INTO one_time_key (device_id, place, key_id, key)
       VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM one_time_key WHERE device_id = ?1), ?2, ?3)
       ON CONFLICT (device_id, key_id) DO UPDATE SET key = excluded.key`,
      device,
      key_id,
      key,
    );
  }
  write.connection.run(
    `DELETE FROM one_time_key WHERE device_id = ?1 AND place NOT IN
       (SELECT place FROM one_time_key WHERE device_id = ?1 ORDER BY place DESC LIMIT ?2)`,
    device,
    oneTimeKeysMax,
  );
  const row = write.connection.one<{ left: bigint }>(
    'SELECT count(*) AS left FROM one_time_key WHERE device_id = ?',
    device,
  );
  return Number(row?.left ?? 0n);
}

export function takeKeys(write: Write, userId: UserId): readonly KeyBundle[] {
  const rows = write.connection.all<{ device_id: bigint; bundle: string }>(
    'SELECT d.device_id, k.bundle FROM device d JOIN key_bundle k ON k.device_id = d.device_id WHERE d.user_id = ? ORDER BY d.device_id',
    idNumber(userId),
  );
  return rows.map(({ device_id, bundle }) => {
    const key = write.connection.one<{ key_id: bigint; key: string }>(
      `DELETE FROM one_time_key WHERE device_id = ?1 AND place = (SELECT min(place) FROM one_time_key WHERE device_id = ?1) RETURNING key_id, key`,
      device_id,
    );
    const one_time_key = key === undefined ? null : { key_id: Number(key.key_id), key: key.key };
    // The cast holds: putKeys wrote the column from a StoredBundle.
    return { device_id: makeDeviceId(device_id), ...(JSON.parse(bundle) as StoredBundle), one_time_key };
  });
}
