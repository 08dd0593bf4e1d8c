import type { DeviceId, UserId } from '@parley/protocol';

export interface DeviceRecord {
  readonly deviceId: DeviceId;
  readonly userId: UserId;
  readonly name: string;
  readonly createdAt: number;
  readonly lastActiveAt: number;
}

export interface RefreshToken {
  /** SHA-256 of the token, hex: the token itself is stored nowhere. */
  readonly digest: string;
  readonly expiresAt: number;
}

/** Devices and their refresh tokens. Creating and revoking append `devices_changed` to the user's log. Atomic, durable. */
export interface DeviceStore {
  /** At most `devicesMax` per user: the one longest inactive is revoked in the same write and returned. */
  create(
    device: DeviceRecord,
    refresh: RefreshToken,
    devicesMax: number,
  ): Promise<{ readonly revoked: readonly DeviceId[] }>;
  list(userId: UserId): Promise<readonly DeviceRecord[]>;
  find(deviceId: DeviceId): Promise<DeviceRecord | undefined>;
  /** False: no such device of this user. Its keys and mailbox go with it. */
  revoke(userId: UserId, deviceId: DeviceId): Promise<boolean>;
  /**
   * Exchanges a refresh token for `next`. One that was never exchanged: `rotated`. The one exchanged last, until a successor of it is exchanged: `repeated` (the answer
   * was lost; `next` is one more successor). Any other token ever given to the device: `reused`, and the device is revoked in the same write (RFC 9700): of
   * two who hold the same token, the second to come back is seen. Of the successors of one token the 20 given last are kept.
   */
  rotate(
    digest: string,
    next: RefreshToken,
    at: number,
  ): Promise<
    | { readonly kind: 'rotated' | 'repeated'; readonly device: DeviceRecord }
    | { readonly kind: 'expired' | 'unknown' }
    | { readonly kind: 'reused'; readonly device: DeviceRecord }
  >;
}
