import { type ConversationId, isDirectId, type Message, type WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, type Refused, refused } from '../outcome.ts';
import { takeWriteIn } from '../write-quota.ts';
import { appendEntry, noMessage, refusedUnlessStored, type WriteCore } from './append-entry.ts';
import { visibleMessage } from './visible-message.ts';
import { ALL_ROLES, LEADING_ROLES } from './writer-roles.ts';

interface Input {
  readonly conversationId: ConversationId;
  readonly clientMsgId: string;
  readonly targetSeq: number;
  readonly scope: 'everyone' | 'me';
}

/** DEL-1, DEL-2: erases a message for everyone, or hides it from the actor's devices. */
export async function deleteMessage(
  core: WriteCore & Pick<Core, 'userLog'>,
  actor: Actor,
  input: Input,
): Promise<Outcome<WriteAnswer>> {
  const tooMany = await takeWriteIn(core, actor, input.conversationId);
  if (tooMany !== undefined) return tooMany;
  const target = await visibleMessage(core, actor, input.conversationId, input.targetSeq);
  if (target.kind === 'refused') return input.scope === 'me' ? target : unlessErased(core, actor, input, target);
  return input.scope === 'me' ? hideMessage(core, actor, input) : eraseMessage(core, actor, input, target.value);
}

async function eraseMessage(
  core: WriteCore,
  actor: Actor,
  input: Input,
  message: Message,
): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, targetSeq } = input;
  const isAuthor = message.sender_id === actor.userId;
  // A tombstone never is too old: the log tells whether this is a repeat of the deletion.
  const inTime = message.content === null || core.clock.now() - message.created_at <= core.settings.deleteWindowMs;
  const asAuthor = isAuthor && inTime;
  const tooLow: Refused = isAuthor ? tooOld : notYours;
  if (!asAuthor && isDirectId(conversationId)) return unlessErased(core, actor, input, tooLow);
  const outcome = await appendEntry(core, actor, {
    conversationId,
    clientMsgId,
    roles: asAuthor ? ALL_ROLES : LEADING_ROLES,
    body: { type: 'message_deleted', target_seq: targetSeq, client_msg_id: clientMsgId },
    asked: [targetSeq],
  });
  return outcome.kind === 'refused' && outcome.code === 'FORBIDDEN' ? tooLow : outcome;
}

const unlessErased = (core: WriteCore, actor: Actor, input: Input, refusal: Refused): Promise<Outcome<WriteAnswer>> =>
  refusedUnlessStored(core, actor, { ...input, type: 'message_deleted', asked: [input.targetSeq] }, refusal);

const tooOld = refused(
  'EDIT_WINDOW_CLOSED',
  'The message is too old to be deleted for everyone. Delete it for yourself.',
);
const notYours = refused(
  'FORBIDDEN',
  'Its author, and in groups and channels owner and admins, delete a message. Nothing was deleted.',
);

async function hideMessage(
  core: Pick<Core, 'userLog' | 'clock'>,
  actor: Actor,
  { conversationId, clientMsgId, targetSeq }: Input,
): Promise<Outcome<WriteAnswer>> {
  const outcome = await core.userLog.hideMessage(actor.userId, conversationId, targetSeq);
  if (outcome === 'not_a_member') return noConversation;
  if (outcome === 'target_missing') return noMessage;
  return done({
    conversation_id: conversationId,
    client_msg_id: clientMsgId,
    created_at: core.clock.now(),
    duplicate: outcome === 'unchanged',
  });
}
