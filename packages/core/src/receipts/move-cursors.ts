import type { ConversationId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import { noConversation } from '../conversations/no-conversation.ts';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { presentFields } from '../present-fields.ts';
import type { AnswerOf } from '../route-call.ts';
import { applyCursorMoves } from './apply-cursor-moves.ts';

/** RCPT-1: moves the own cursors at once; answers where they are then. */
export async function moveCursors(
  core: Pick<Core, 'membershipStore' | 'accountStore' | 'broker' | 'clock'>,
  actor: Actor,
  input: { readonly conversationId: ConversationId; readonly deliveredUpTo?: number; readonly readUpTo?: number },
): Promise<Outcome<AnswerOf<'moveCursors'>>> {
  const { conversationId, deliveredUpTo, readUpTo } = input;
  if (deliveredUpTo === undefined && readUpTo === undefined)
    return refused('INVALID_REQUEST', 'Give delivered_up_to or read_up_to. Nothing was moved.');
  const claim = { conversationId, userId: actor.userId, ...presentFields({ deliveredUpTo, readUpTo }) };
  const [move] = await applyCursorMoves(core, [claim]);
  if (move === undefined) return noConversation;
  return done({
    delivered_up_to: move.deliveredUpTo,
    read_up_to: move.readUpTo,
    unread_count: Math.max(0, move.messageCount - move.readCount),
    changed_at: core.clock.now(),
  });
}
