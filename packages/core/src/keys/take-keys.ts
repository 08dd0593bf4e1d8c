import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';
import { strangersAmong } from './strangers-among.ts';

const HOUR_MS = 3_600_000;

/** KEYS-1: a bundle of each device of a person one shares a conversation with. Limited per pair: taking empties the one-time keys. */
export async function takeKeys(
  core: Pick<Core, 'keyBundleStore' | 'membershipStore' | 'rateLimiter' | 'clock' | 'settings'>,
  actor: Actor,
  { params }: Pick<RequestOf<'takeKeys'>, 'params'>,
): Promise<Outcome<AnswerOf<'takeKeys'>>> {
  const { user_id } = params;
  if (await strangersAmong(core, actor, [user_id]))
    return refused('NOT_FOUND', 'There is no such person, or you share no conversation. No key was taken.');
  const limit = { count: core.settings.keyRequestsPerHour, windowMs: HOUR_MS };
  const verdict = await core.rateLimiter.take(`keys:${actor.userId}:${user_id}`, limit, core.clock.now());
  if (!verdict.allowed)
    return refused('RATE_LIMITED', 'The keys of this person were asked for too often. No key was taken; try later.', {
      retryAfterMs: Math.max(1, verdict.resetMs),
    });
  return done({ user_id, bundles: [...(await core.keyBundleStore.take(user_id))] });
}
