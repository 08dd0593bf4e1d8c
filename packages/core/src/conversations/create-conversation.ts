import { type Conversation, directIdOf, type Role, type UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { invalidField, type Outcome, refused } from '../outcome.ts';
import type { CreateConversation } from '../ports/conversation-store.ts';
import type { RequestOf } from '../route-call.ts';
import { takeWrite } from '../write-quota.ts';
import { publishEntries } from './publish-entries.ts';
import { viewConversation } from './view-conversation.ts';

type Used = Pick<
  Core,
  'accountStore' | 'conversationStore' | 'rateLimiter' | 'broker' | 'clock' | 'digest' | 'ids' | 'settings'
>;
type Body = RequestOf<'createConversation'>['body'];

/** Starts a conversation. CONV-1: a direct one is the same whoever starts it; `idempotencyKey` makes a group or channel once. */
export async function createConversation(
  core: Used,
  actor: Actor,
  body: Body,
  idempotencyKey: string | null,
): Promise<Outcome<Conversation>> {
  if (body.kind === 'direct' && body.user_id === actor.userId) return invalidField('user_id', 'must be another person');
  const tooMany = await takeWrite(core, actor);
  if (tooMany !== undefined) return tooMany;
  const request =
    body.kind === 'direct' ? directRequest(core, actor, body) : roomRequest(core, actor, body, idempotencyKey);
  const outcome = await core.conversationStore.create(request);
  switch (outcome.kind) {
    case 'created':
      publishEntries(core, outcome.entries);
      return viewConversation(core, actor, request.record.conversationId);
    case 'exists':
      return viewConversation(core, actor, outcome.conversationId);
    case 'key_reused':
      return refused('KEY_REUSED', 'This key already made another conversation. Nothing was created; use a new key.');
    case 'too_many_members':
      return refused('TOO_MANY_MEMBERS', `At most ${request.membersMax} people fit in. Nothing was created.`);
    case 'unknown_user':
      return refused('NOT_FOUND', `There is no person ${outcome.userId}. Nothing was created.`);
  }
}

function directRequest(core: Used, actor: Actor, body: Extract<Body, { kind: 'direct' }>): CreateConversation {
  return {
    record: {
      conversationId: directIdOf(actor.userId, body.user_id),
      kind: 'direct',
      name: null,
      description: null,
      avatarUrl: null,
      visibility: 'private',
      createdAt: core.clock.now(),
      createdBy: actor.userId,
    },
    members: membersOf('member', actor.userId, [body.user_id]),
    membersMax: 2,
    key: null,
  };
}

function roomRequest(
  core: Used,
  actor: Actor,
  body: Extract<Body, { kind: 'group' | 'channel' }>,
  clientMsgId: string | null,
): CreateConversation {
  const { ids, settings } = core;
  const isGroup = body.kind === 'group';
  const visibility = isGroup ? 'private' : body.visibility;
  const description = body.description ?? '';
  const members = membersOf('owner', actor.userId, body.member_ids);
  const asked = [body.kind, body.name, description, visibility, members.map(({ userId }) => userId).sort()];
  return {
    record: {
      conversationId: isGroup ? ids.groupId() : ids.channelId(),
      kind: body.kind,
      name: body.name,
      description: description === '' ? null : description,
      avatarUrl: null,
      visibility,
      createdAt: core.clock.now(),
      createdBy: actor.userId,
    },
    members,
    membersMax: isGroup ? settings.groupMembersMax : settings.channelMembersMax,
    key: clientMsgId === null ? null : { clientMsgId, fingerprint: core.digest.sha256Hex(JSON.stringify(asked)) },
  };
}

function membersOf(role: Role, creator: UserId, others: readonly UserId[]): CreateConversation['members'] {
  const rest = new Set(others);
  rest.delete(creator);
  return [{ userId: creator, role }, ...[...rest].map((userId) => ({ userId, role: 'member' as const }))];
}
