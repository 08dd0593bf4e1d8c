import type { DeviceId, UserId } from '@parley/protocol';
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { E2EE_LIMITS } from '../limits.ts';

/** One device of one user: the two ends of a session are two of these (Sesame §3.1). */
export interface DeviceAddress {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

/** Text form, unique per device, for maps and record names. Ids contain no slash. */
export const addressKey = (address: DeviceAddress): string => `${address.userId}/${address.deviceId}`;

export function writeAddress(writer: ByteWriter, address: DeviceAddress): void {
  writer.text(address.userId).text(address.deviceId);
}

export function readAddress(reader: ByteReader): DeviceAddress {
  // The casts hold in effect: an address is only ever compared, or bound into a key that no other address gives.
  return {
    userId: reader.text(E2EE_LIMITS.idBytesMax) as UserId,
    deviceId: reader.text(E2EE_LIMITS.idBytesMax) as DeviceId,
  };
}
