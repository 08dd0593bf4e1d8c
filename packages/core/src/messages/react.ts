import type { ConversationId, WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Outcome } from '../outcome.ts';
import { takeWriteIn } from '../write-quota.ts';
import { appendEntry, type WriteCore } from './append-entry.ts';
import { writerRolesOf } from './writer-roles.ts';

/** REACT-1: adds or removes an own reaction. In channels only those who write react: members read. */
export async function react(
  core: WriteCore,
  actor: Actor,
  input: {
    readonly conversationId: ConversationId;
    readonly clientMsgId: string;
    readonly targetSeq: number;
    readonly emoji: string;
    readonly action: 'added' | 'removed';
  },
): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, targetSeq, emoji, action } = input;
  const tooMany = await takeWriteIn(core, actor, input.conversationId);
  if (tooMany !== undefined) return tooMany;
  return appendEntry(core, actor, {
    conversationId,
    clientMsgId,
    roles: writerRolesOf(conversationId),
    body: { type: 'reaction', target_seq: targetSeq, client_msg_id: clientMsgId, emoji, action },
    asked: [targetSeq, emoji, action],
  });
}
