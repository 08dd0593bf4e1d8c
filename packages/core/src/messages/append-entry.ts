import { type ConversationId, LIMITS, type LogEntry, type Role, type WriteAnswer } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import { publishEntries } from '../conversations/publish-entries.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, type Refused, refused } from '../outcome.ts';
import type { Append, AppendOutcome } from '../ports/message-log.ts';
import { countWriteIn } from '../write-quota.ts';
import { onlyTextOf } from './asked-content.ts';

export type WriteCore = Pick<
  Core,
  'messageLog' | 'membershipStore' | 'rateLimiter' | 'broker' | 'clock' | 'digest' | 'ids' | 'settings'
>;

/** A message that is only a text, or anything else as a JSON value. */
export type Asked = { readonly onlyText: string } | readonly unknown[];

export interface EntryToAppend {
  readonly conversationId: ConversationId;
  readonly clientMsgId: string;
  readonly roles: readonly Role[];
  readonly body: Append['body'];
  /** What the sender asked for: the same key with something else is refused (SEND-3). */
  readonly asked: Asked;
}

/** Appends one entry and, once it is durable, tells the nodes (SEND-1). The answer of a repeated key is the first one (SEND-2). */
export function appendEntry(core: WriteCore, actor: Actor, entry: EntryToAppend): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, roles, body } = entry;
  const append: Append = {
    conversationId,
    author: { userId: actor.userId, deviceId: actor.deviceId, roles },
    createdAt: core.clock.now(),
    body,
    clientMsgId,
    fingerprint: fingerprintOf(core, body.type, entry.asked),
  };
  // Without `async`: every message comes by here, and the turns of the microtask queue count.
  return core.messageLog.append([append]).then(([outcome]) => answerOf(core, actor, append, entry.asked, outcome));
}

function answerOf(
  core: WriteCore,
  actor: Actor,
  { conversationId, clientMsgId, createdAt }: Append,
  asked: Asked,
  outcome: AppendOutcome | undefined,
): Outcome<WriteAnswer> | Promise<Outcome<WriteAnswer>> {
  if (outcome === undefined) throw new Error('The log gave no outcome for an append.');
  switch (outcome.kind) {
    case 'appended': {
      publishEntries(core, [outcome.entry], actor.connectionId);
      const counting = countWriteIn(core, conversationId);
      const stored = done(writeAnswerOf(outcome.entry, clientMsgId, false));
      return counting === undefined ? stored : counting.then(() => stored);
    }
    case 'duplicate':
      return isWhatWasAsked(outcome.entry, asked) ? done(writeAnswerOf(outcome.entry, clientMsgId, true)) : keyReused;
    case 'unchanged':
      return done({
        conversation_id: conversationId,
        client_msg_id: clientMsgId,
        created_at: createdAt,
        duplicate: false,
      });
    case 'key_reused':
      return keyReused;
    case 'not_a_member':
      return noConversation;
    case 'role_too_low':
      return refused('FORBIDDEN', 'Your role in this conversation does not allow this. Nothing was stored.');
    case 'target_missing':
      return noMessage;
    case 'target_deleted':
      return messageGone;
    case 'too_many_reactions':
      return refused(
        'CONFLICT',
        `The message has ${LIMITS.reactionsPerMessageMax} different emoji. Nothing was stored; use one of them.`,
      );
  }
}

/** Nearly all messages are only a text: none is made for them, which is a twentieth of what a message costs the main thread (measured). */
const fingerprintOf = (core: Pick<Core, 'digest'>, type: Append['body']['type'], asked: Asked): string | null =>
  'onlyText' in asked ? null : core.digest.sha256Hex(JSON.stringify([type, ...asked]));

/** Where there was a fingerprint the log has compared. Of a message that was deleted nothing is left to compare. */
function isWhatWasAsked(entry: LogEntry, asked: Asked): boolean {
  if (!('onlyText' in asked)) return true;
  if (entry.type !== 'new_message') return false;
  const { content } = entry;
  return onlyTextOf(content) === asked.onlyText || (content.text === undefined && content.sealed === undefined);
}

const keyReused = refused(
  'KEY_REUSED',
  'This client_msg_id was used before with other content. Nothing was stored; use a new one.',
);

/**
 * A write that is not to be done now may be the repeat of one that was done when it still could be: then the first answer is given again
 * (SEND-2), because a refusal would say "not stored" (SEND-4). The first try may still wait to be stored, so this is an append too, behind it, by somebody
 * without any role: it finds what its key led to, and stores nothing.
 */
export async function refusedUnlessStored(
  core: Pick<Core, 'messageLog' | 'digest' | 'clock'>,
  actor: Actor,
  entry: Pick<EntryToAppend, 'conversationId' | 'clientMsgId'> & {
    readonly type: Append['body']['type'];
    readonly asked: readonly unknown[];
  },
  refusal: Refused,
): Promise<Outcome<WriteAnswer>> {
  const { conversationId, clientMsgId, type, asked } = entry;
  const lookUp: Append = {
    conversationId,
    author: { userId: actor.userId, deviceId: actor.deviceId, roles: [] },
    createdAt: core.clock.now(),
    body: { type: 'message_deleted', target_seq: 1, client_msg_id: clientMsgId },
    clientMsgId,
    fingerprint: fingerprintOf(core, type, asked),
  };
  const [first] = await core.messageLog.append([lookUp]);
  return first?.kind === 'duplicate' ? done(writeAnswerOf(first.entry, clientMsgId, true)) : refusal;
}

export const noMessage = refused(
  'NOT_FOUND',
  'There is no such message in this conversation, or it is not yours to see. Nothing was stored.',
);
export const messageGone = refused('MESSAGE_GONE', 'The message has been deleted. Nothing was stored.');

function writeAnswerOf(entry: LogEntry, clientMsgId: string, duplicate: boolean): WriteAnswer {
  const { conversation_id, seq, count, created_at } = entry;
  const answer = { conversation_id, client_msg_id: clientMsgId, seq, count, created_at, duplicate };
  return entry.type === 'new_message' ? { ...answer, message_id: entry.message_id } : answer;
}
