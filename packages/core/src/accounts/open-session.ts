import type { SessionTokens } from '@parley/protocol';
import type { Core } from '../core.ts';
import type { Account } from '../ports/account-store.ts';
import type { DeviceRecord, RefreshToken } from '../ports/device-store.ts';
import { meOf } from './account-resources.ts';
import { disconnectDevice } from './disconnect.ts';
import { makeSecretToken } from './secret-token.ts';

type Used = Pick<Core, 'deviceStore' | 'tokenSigner' | 'broker' | 'clock' | 'random' | 'digest' | 'ids' | 'settings'>;

/** AUTH-2: makes a device of the account and its tokens. The device longest inactive goes when there are too many. */
export async function openSession(core: Used, account: Account, deviceName: string): Promise<SessionTokens> {
  const now = core.clock.now();
  const deviceId = core.ids.deviceId();
  const device: DeviceRecord = {
    deviceId,
    userId: account.userId,
    name: deviceName,
    createdAt: now,
    lastActiveAt: now,
  };
  const next = makeRefreshToken(core);
  const { revoked } = await core.deviceStore.create(device, next.stored, core.settings.devicesMax);
  for (const gone of revoked) disconnectDevice(core, account.userId, gone);
  return sessionTokens(core, account, device, next);
}

export interface NewRefreshToken {
  readonly token: string;
  readonly stored: RefreshToken;
}

/** The token for the device and its digest for the store. */
export function makeRefreshToken(core: Pick<Core, 'clock' | 'random' | 'digest' | 'settings'>): NewRefreshToken {
  const token = makeSecretToken(core.random);
  const expiresAt = core.clock.now() + core.settings.refreshTokenTtlMs;
  return { token, stored: { digest: core.digest.sha256Hex(token), expiresAt } };
}

export async function sessionTokens(
  core: Pick<Core, 'tokenSigner' | 'clock' | 'settings'>,
  account: Account,
  device: DeviceRecord,
  refreshToken: NewRefreshToken,
): Promise<SessionTokens> {
  const expiresAt = core.clock.now() + core.settings.accessTokenTtlMs;
  const claims = { userId: account.userId, deviceId: device.deviceId, expiresAt };
  return {
    access_token: await core.tokenSigner.sign(claims),
    access_expires_at: expiresAt,
    refresh_token: refreshToken.token,
    refresh_expires_at: refreshToken.stored.expiresAt,
    device_id: device.deviceId,
    me: meOf(account),
  };
}
