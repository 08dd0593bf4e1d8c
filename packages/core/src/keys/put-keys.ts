import { LIMITS } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';

/** KEYS-1: replaces the key bundle of the asking device and adds its one-time keys. */
export async function putKeys(
  core: Pick<Core, 'keyBundleStore'>,
  actor: Actor,
  { body }: Pick<RequestOf<'putKeys'>, 'body'>,
): Promise<Outcome<AnswerOf<'putKeys'>>> {
  const left = await core.keyBundleStore.put(actor.userId, actor.deviceId, body, LIMITS.oneTimeKeysMax);
  return done({ one_time_keys_left: left });
}
