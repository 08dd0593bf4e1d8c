import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { confirmPassword } from './confirm-password.ts';
import { endDevice } from './revoke-device.ts';

/** AUTH-7: changes the password and logs all other devices out. */
export async function changePassword(
  core: Pick<
    Core,
    'accountStore' | 'deviceStore' | 'passwordHasher' | 'rateLimiter' | 'broker' | 'clock' | 'digest' | 'settings'
  >,
  actor: Actor,
  { body }: Pick<RequestOf<'changePassword'>, 'body'>,
): Promise<Outcome<undefined>> {
  const confirmed = await confirmPassword(core, actor, body.current_password);
  if (confirmed.kind === 'refused') return confirmed;
  await core.accountStore.update(actor.userId, { passwordHash: await core.passwordHasher.hash(body.new_password) });
  // After the change: nobody can log in with the old password between the two.
  for (const { deviceId } of await core.deviceStore.list(actor.userId)) {
    if (deviceId !== actor.deviceId) await endDevice(core, actor.userId, deviceId);
  }
  return done(undefined);
}
