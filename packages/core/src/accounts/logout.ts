import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { endDevice } from './revoke-device.ts';

/** Logs the asking device out. Repeating is harmless. */
export async function logout(core: Pick<Core, 'deviceStore' | 'broker'>, actor: Actor): Promise<Outcome<undefined>> {
  await endDevice(core, actor.userId, actor.deviceId);
  return done(undefined);
}
