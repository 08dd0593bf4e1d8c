import { LIMITS } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Core } from '../core.ts';
import { toBase64url } from '../encoding/base64url.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { Invitation } from '../ports/place-store.ts';
import type { AnswerOf, RequestOf } from '../route-call.ts';

const CODE_BYTES = 16;
const ID_LENGTH = 32;

/** Who reads the store learns ids, and no code can be had from an id. */
export const invitationIdOf = (core: Pick<Core, 'digest'>, code: string): string =>
  core.digest.sha256Hex(`invitation ${code}`).slice(0, ID_LENGTH);

const resourceOf = (invitation: Invitation) => ({
  invitation_id: invitation.invitationId,
  uses: invitation.uses,
  uses_max: invitation.usesMax,
  created_at: invitation.createdAt,
  expires_at: invitation.expiresAt,
});

/** PLACE-3: 128 random bits that let so many people in. */
export async function createInvitation(
  core: Pick<Core, 'accountStore' | 'placeStore' | 'digest' | 'random' | 'clock' | 'log'>,
  actor: Actor,
  { body }: Pick<RequestOf<'createInvitation'>, 'body'>,
): Promise<Outcome<AnswerOf<'createInvitation'>>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  const code = toBase64url(core.random.bytes(CODE_BYTES));
  const createdAt = core.clock.now();
  const invitation = {
    invitationId: invitationIdOf(core, code),
    usesMax: body.uses_max,
    createdAt,
    expiresAt: body.expires_in_ms === undefined ? null : createdAt + body.expires_in_ms,
  };
  if (!(await core.placeStore.invite(invitation, LIMITS.invitationsMax)))
    return refused('CONFLICT', `There are ${LIMITS.invitationsMax} invitations already. None was made; withdraw one.`);
  core.log.info('place.invited', { userId: actor.userId, invitationId: invitation.invitationId });
  return done({ ...resourceOf({ ...invitation, uses: 0 }), code });
}

/** Invitations for the administrator, newest first. */
export async function listInvitations(
  core: Pick<Core, 'accountStore' | 'placeStore'>,
  actor: Actor,
): Promise<Outcome<AnswerOf<'listInvitations'>>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  return done({ items: (await core.placeStore.listInvitations()).map(resourceOf) });
}

/** Ends an invitation at once. */
export async function withdrawInvitation(
  core: Pick<Core, 'accountStore' | 'placeStore' | 'log'>,
  actor: Actor,
  { params }: Pick<RequestOf<'withdrawInvitation'>, 'params'>,
): Promise<Outcome<undefined>> {
  const refusal = await requireAdmin(core, actor);
  if (refusal !== undefined) return refusal;
  if (!(await core.placeStore.withdraw(params.invitation_id)))
    return refused('NOT_FOUND', 'There is no such invitation. Nothing was done.');
  core.log.info('place.withdrawn', { userId: actor.userId, invitationId: params.invitation_id });
  return done(undefined);
}
