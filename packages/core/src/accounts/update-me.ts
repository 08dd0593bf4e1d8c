import type { Me } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { RequestOf } from '../route-call.ts';
import { meOf } from './account-resources.ts';
import { getMe } from './get-me.ts';

/** Changes the own profile; an empty status clears it. */
export async function updateMe(
  core: Pick<Core, 'accountStore'>,
  actor: Actor,
  { body }: Pick<RequestOf<'updateMe'>, 'body'>,
): Promise<Outcome<Me>> {
  const change = presentFields({
    name: body.name,
    username: body.username,
    status: body.status === '' ? null : body.status,
    avatarUrl: body.avatar_url,
  });
  if (Object.keys(change).length === 0) return getMe(core, actor);
  const outcome = await core.accountStore.update(actor.userId, change);
  switch (outcome.kind) {
    case 'updated':
      return done(meOf(outcome.account));
    case 'identifier_taken':
      return refused('IDENTIFIER_TAKEN', 'The username is in use. Nothing was changed; choose another.', {
        fields: [{ field: outcome.field, message: 'is already in use' }],
      });
    case 'unknown_user':
      return refused('TOKEN_INVALID', 'The account of this token was deleted. Nothing was changed.');
  }
}
