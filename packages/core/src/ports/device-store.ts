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
   * Exchanges a refresh token. The current one is replaced. The one before it within `graceMs` of the exchange: `grace` (the answer was lost; the caller gets
   * a fresh one and the family stays). Any other token ever given to the device: `reused`, and the device is revoked in the same write (RFC 9700).
   */
  rotate(
    digest: string,
    next: RefreshToken,
    at: number,
    graceMs: number,
  ): Promise<
    | { readonly kind: 'rotated' | 'grace'; readonly device: DeviceRecord }
    | { readonly kind: 'expired' | 'unknown' }
    | { readonly kind: 'reused'; readonly device: DeviceRecord }
  >;
}
