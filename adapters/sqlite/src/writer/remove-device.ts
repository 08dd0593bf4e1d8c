import { type DeviceId, idNumber } from '@parley/protocol/ids';
import type { Write } from './write.ts';

/** A device and all that hangs on it: tokens, keys, mailbox. */
export function removeDevice(write: Write, deviceId: DeviceId): void {
  const device = idNumber(deviceId);
  for (const table of ['device', 'refresh_token', 'key_bundle', 'one_time_key', 'mailbox']) {
    write.connection.run(`DELETE FROM ${table} WHERE device_id = ?`, device);
  }
  write.connection.run('DELETE FROM mailbox_put WHERE sender_device_id = ?', device);
}
