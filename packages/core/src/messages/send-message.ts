import type { ContentInput, ConversationId, WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Outcome } from '../outcome.ts';
import { takeWriteIn } from '../write-quota.ts';
import { appendEntry, type WriteCore } from './append-entry.ts';
import { askedContent, onlyTextOf, storedContent } from './asked-content.ts';
import { writerRolesOf } from './writer-roles.ts';

interface MessageToSend {
  readonly conversationId: ConversationId;
  readonly clientMsgId: string;
  readonly content: ContentInput;
}

/** Stores a message, once (SEND-1 … SEND-8). Membership, role and `reply_to` are checked in the write itself. */
export function sendMessage(core: WriteCore, actor: Actor, input: MessageToSend): Promise<Outcome<WriteAnswer>> {
  const tooMany = takeWriteIn(core, actor, input.conversationId);
  if (tooMany instanceof Promise) return tooMany.then((refusal) => refusal ?? appendMessage(core, actor, input));
  return tooMany === undefined ? appendMessage(core, actor, input) : Promise.resolve(tooMany);
}

function appendMessage(core: WriteCore, actor: Actor, input: MessageToSend): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, content } = input;
  const text = onlyTextOf(content);
  return appendEntry(core, actor, {
    conversationId,
    clientMsgId,
    roles: writerRolesOf(conversationId),
    body: {
      type: 'new_message',
      message_id: core.ids.messageId(),
      client_msg_id: clientMsgId,
      content: storedContent(content),
    },
    asked: text === undefined ? askedContent(content) : { onlyText: text },
  });
}
