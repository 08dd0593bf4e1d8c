import type { DeviceId, UserId } from '@parley/protocol';

/** Who asks: a logged-in device. */
export interface Actor {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The connection that gets the acknowledgement and therefore no echo of the entry; `null` over HTTP. */
  readonly connectionId: string | null;
}
