import type { DeviceId, UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { disconnectDevice } from './disconnect.ts';

type Used = Pick<Core, 'deviceStore' | 'broker'>;

/** AUTH-7: logs one of the own devices out; its tokens are refused and its connections closed. */
export async function revokeDevice(
  core: Used,
  actor: Actor,
  { params }: Pick<RequestOf<'revokeDevice'>, 'params'>,
): Promise<Outcome<undefined>> {
  if (await endDevice(core, actor.userId, params.device_id)) return done(undefined);
  return refused('NOT_FOUND', 'You have no such device. Nothing was done.');
}

/** Revokes and disconnects. False: the user has no such device. */
export async function endDevice(core: Used, userId: UserId, deviceId: DeviceId): Promise<boolean> {
  const revoked = await core.deviceStore.revoke(userId, deviceId);
  if (revoked) disconnectDevice(core, userId, deviceId);
  return revoked;
}
