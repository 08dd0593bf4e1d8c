import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { AnswerOf } from '../route-call.ts';

export async function countKeys(
  core: Pick<Core, 'keyBundleStore'>,
  actor: Actor,
): Promise<Outcome<AnswerOf<'countKeys'>>> {
  return done({ one_time_keys_left: await core.keyBundleStore.countOneTimeKeys(actor.deviceId) });
}
