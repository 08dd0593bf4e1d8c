import type { ContentInput, ConversationId, Message, WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { type Outcome, refused } from '../outcome.ts';
import { takeWriteIn } from '../write-quota.ts';
import { appendEntry, refusedUnlessStored, type WriteCore } from './append-entry.ts';
import { askedContent, storedContent } from './asked-content.ts';
import { visibleMessage } from './visible-message.ts';
import { writerRolesOf } from './writer-roles.ts';

/** EDIT-1, EDIT-2: the author edits within the edit window. Whether the message was deleted is decided in the write. */
export async function editMessage(
  core: WriteCore,
  actor: Actor,
  input: {
    readonly conversationId: ConversationId;
    readonly clientMsgId: string;
    readonly targetSeq: number;
    readonly content: ContentInput;
  },
): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, targetSeq, content } = input;
  const tooMany = await takeWriteIn(core, actor, input.conversationId);
  if (tooMany !== undefined) return tooMany;
  const asked = [targetSeq, ...askedContent(content)];
  const target = await editableMessage(core, actor, conversationId, targetSeq);
  if (target.kind === 'refused')
    return refusedUnlessStored(core, actor, { conversationId, clientMsgId, type: 'message_edited', asked }, target);
  return appendEntry(core, actor, {
    conversationId,
    clientMsgId,
    roles: writerRolesOf(conversationId),
    body: {
      type: 'message_edited',
      target_seq: targetSeq,
      client_msg_id: clientMsgId,
      content: { ...storedContent(content), ...originOf(target.value.content?.forwarded_from) },
    },
    asked,
  });
}

async function editableMessage(
  core: WriteCore,
  actor: Actor,
  conversationId: ConversationId,
  targetSeq: number,
): Promise<Outcome<Message>> {
  const target = await visibleMessage(core, actor, conversationId, targetSeq);
  if (target.kind === 'refused') return target;
  const { sender_id, content, created_at } = target.value;
  if (sender_id !== actor.userId) return refused('FORBIDDEN', 'Only its author edits a message. Nothing was changed.');
  if (content !== null && core.clock.now() - created_at > core.settings.editWindowMs)
    return refused('EDIT_WINDOW_CLOSED', 'The message is too old to be edited. Nothing was changed; send a new one.');
  return target;
}

/** An edit does not make a forwarded message one's own. */
const originOf = <T>(forwarded_from: T | undefined) => (forwarded_from === undefined ? {} : { forwarded_from });
