import type { ConversationId, UserId, WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { done, invalidField, type Outcome } from '../outcome.ts';
import { takeWriteIn } from '../write-quota.ts';
import { appendEntry, messageGone, refusedUnlessStored, type WriteCore } from './append-entry.ts';
import { visibleMessage } from './visible-message.ts';
import { writerRolesOf } from './writer-roles.ts';

/** SEND-9: copies the text of a message that the actor can read and names its origin. Replies and mentions stay behind: they mean the other conversation. */
export async function forwardMessage(
  core: WriteCore,
  actor: Actor,
  input: {
    readonly conversationId: ConversationId;
    readonly clientMsgId: string;
    readonly source: { readonly conversationId: ConversationId; readonly seq: number };
  },
): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, source } = input;
  const tooMany = await takeWriteIn(core, actor, input.conversationId);
  if (tooMany !== undefined) return tooMany;
  // Not the text: it may have been edited between the first try and a repeat.
  const asked = ['forward', source.conversationId, source.seq];
  const text = await forwardableText(core, actor, source);
  if (text.kind === 'refused')
    return refusedUnlessStored(core, actor, { conversationId, clientMsgId, type: 'new_message', asked }, text);
  const { text: words, sender_id } = text.value;
  return appendEntry(core, actor, {
    conversationId,
    clientMsgId,
    roles: writerRolesOf(conversationId),
    body: {
      type: 'new_message',
      message_id: core.ids.messageId(),
      client_msg_id: clientMsgId,
      content: {
        text: words,
        forwarded_from: { conversation_id: source.conversationId, seq: source.seq, sender_id },
      },
    },
    asked,
  });
}

async function forwardableText(
  core: WriteCore,
  actor: Actor,
  source: { readonly conversationId: ConversationId; readonly seq: number },
): Promise<Outcome<{ readonly text: string; readonly sender_id: UserId }>> {
  const message = await visibleMessage(core, actor, source.conversationId, source.seq);
  if (message.kind === 'refused') return message;
  const { content, sender_id } = message.value;
  if (content === null) return messageGone;
  if (content.text === undefined)
    return invalidField('source', 'names an end-to-end encrypted message, which only your device can send on');
  return done({ text: content.text, sender_id });
}
