import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { requireAdmin } from './require-admin.ts';

/** PLACE-5: appoints or dismisses an administrator. Repeating changes nothing. */
export async function changeUserRole(
  core: Pick<Core, 'accountStore'>,
  actor: Actor,
  { params, body }: Pick<RequestOf<'changeUserRole'>, 'params' | 'body'>,
): Promise<Outcome<undefined>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  const outcome = await core.accountStore.setAdmin(params.user_id, body.role === 'administrator');
  switch (outcome.kind) {
    case 'set':
      return done(undefined);
    case 'last_admin':
      return refused(
        'LAST_ADMIN',
        'This is the only administrator. Nothing was changed; appoint another administrator first.',
      );
    case 'unknown_user':
      return refused('NOT_FOUND', 'There is no such account. Nothing was changed.');
  }
}
