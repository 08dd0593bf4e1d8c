import type { DeviceId, UserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { AccessClaims } from '../ports/security.ts';

/** Who an access token speaks for: signature, time, and that its device is not logged out (AUTH-4, AUTH-7). One indexed read. */
export async function authenticateToken(
  core: Pick<Core, 'tokenSigner' | 'deviceStore' | 'clock'>,
  token: string,
): Promise<Outcome<AccessClaims>> {
  const proof = await readToken(core, token);
  if (proof.kind === 'refused') return proof;
  const { userId, deviceId } = proof.value;
  if (await deviceIsActive(core, userId, deviceId)) return proof;
  return refused('TOKEN_INVALID', 'The device of this token was logged out. Nothing was done; log in again.');
}

/** Who an access token speaks for: signature and time alone (AUTH-4). The caller looks whether its device is still logged in. */
export async function readToken(
  core: Pick<Core, 'tokenSigner' | 'clock'>,
  token: string,
): Promise<Outcome<AccessClaims>> {
  const verdict = await core.tokenSigner.verify(token, core.clock.now());
  switch (verdict.kind) {
    case 'expired':
      return refused('TOKEN_EXPIRED', 'The access token has expired. Nothing was done; refresh it.');
    case 'invalid':
      return refused('TOKEN_INVALID', 'The access token is not valid here. Nothing was done; log in again.');
    case 'valid':
      return done(verdict.claims);
  }
}

/** Whether the device exists and is of that user. */
export async function deviceIsActive(
  core: Pick<Core, 'deviceStore'>,
  userId: UserId,
  deviceId: DeviceId,
): Promise<boolean> {
  const device = await core.deviceStore.find(deviceId);
  return device?.userId === userId;
}
