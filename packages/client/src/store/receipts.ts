import type { Conversation } from '@parley/protocol';
import type { Cursors, HeldConversation } from './state.ts';

/** Cursors of other members and what follows from them for the sender's ticks. */

/** Moves what is known of one other member forward; receipts never go back (RCPT-1), and read implies delivered. */
export function otherMoved(
  held: HeldConversation,
  userId: string,
  to: { readonly deliveredUpTo: number; readonly readUpTo: number },
): HeldConversation {
  if (held.resource.kind === 'channel') return held;
  const known = held.ahead[userId];
  const { receipts } = held.resource;
  const moved: Cursors = {
    deliveredUpTo: Math.max(to.deliveredUpTo, to.readUpTo, known?.deliveredUpTo ?? receipts.delivered_up_to),
    readUpTo: Math.max(to.readUpTo, known?.readUpTo ?? receipts.read_up_to),
  };
  return settled({ ...held, ahead: { ...held.ahead, [userId]: moved } });
}

/** A receipt says how far all are. */
export function allMoved(held: HeldConversation, to: Conversation['receipts']): HeldConversation {
  const { resource } = held;
  const receipts = {
    delivered_up_to: Math.max(resource.receipts.delivered_up_to, to.delivered_up_to, to.read_up_to),
    read_up_to: Math.max(resource.receipts.read_up_to, to.read_up_to),
  };
  return settled({ ...held, resource: { ...resource, receipts } });
}

export function memberGone(held: HeldConversation, userId: string): HeldConversation {
  const { [userId]: _, ...ahead } = held.ahead;
  return settled({ ...held, ahead, nobodyGoneSince: held.resource.head_seq });
}

/**
 * Sending reads and no receipt follows (SEND-11), so the smallest cursor of the others can rise without news: when each of them is known to be
 * beyond it. Those who are not beyond it need not be remembered. To be looked at whenever a cursor or the head has moved.
 */
export function settled(held: HeldConversation): HeldConversation {
  const { resource } = held;
  const known = Object.values(held.ahead);
  // Receipts may come late. Whose cursor lies before the last removal may be the one who is gone: that one is nobody's to wait for.
  const others = known.filter(({ deliveredUpTo }) => deliveredUpTo >= held.nobodyGoneSince);
  // They may also run ahead of the log. Whose cursor lies beyond the head that is held may have joined there: then these need not be all the others.
  const isComplete =
    others.length > 0 &&
    others.length === resource.member_count - 1 &&
    others.every(({ deliveredUpTo }) => deliveredUpTo <= resource.head_seq);
  const receipts = !isComplete
    ? resource.receipts
    : {
        delivered_up_to: Math.max(
          resource.receipts.delivered_up_to,
          Math.min(...others.map((cursors) => cursors.deliveredUpTo)),
        ),
        read_up_to: Math.max(resource.receipts.read_up_to, Math.min(...others.map((cursors) => cursors.readUpTo))),
      };
  const isAhead = (cursors: Cursors): boolean =>
    cursors.deliveredUpTo > receipts.delivered_up_to || cursors.readUpTo > receipts.read_up_to;
  const ahead = known.every(isAhead)
    ? held.ahead
    : Object.fromEntries(Object.entries(held.ahead).filter(([, cursors]) => isAhead(cursors)));
  return { ...held, ahead, resource: { ...resource, receipts } };
}
