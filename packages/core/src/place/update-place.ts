import type { Actor } from '../actor.ts';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';
import { placeOf } from './read-place.ts';

/** PLACE-2: the administrator names the place and says who may make an account. */
export async function updatePlace(
  core: Pick<Core, 'accountStore' | 'placeStore' | 'settings' | 'log'>,
  actor: Actor,
  { body }: Pick<RequestOf<'updateServer'>, 'body'>,
): Promise<Outcome<AnswerOf<'updateServer'>>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  const decisions = await core.placeStore.decide(presentFields(body));
  core.log.info('place.changed', { userId: actor.userId, registration: decisions.registration });
  return done(placeOf(core, decisions));
}
