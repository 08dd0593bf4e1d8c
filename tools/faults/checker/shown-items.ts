import type { HeldConversation } from '@parley/client';
import { type ShownItem, shortened } from './history.ts';

/** The messages and tombstones that a device holds of a conversation, as it shows them. */
export function itemsOf({ timeline }: HeldConversation): ShownItem[] {
  return timeline.items.flatMap((item): ShownItem[] => {
    if (item.kind === 'notice') return [];
    if (item.kind === 'tombstone') return [{ seq: item.seq, text: null }];
    const { content, client_msg_id: key, reactions } = item.message;
    const counts = Object.fromEntries(reactions.map(({ emoji, count }) => [emoji, count]));
    return [
      {
        seq: item.seq,
        text: content?.text === undefined ? null : shortened(content.text),
        key,
        ...(reactions.length === 0 ? {} : { reactions: counts }),
      },
    ];
  });
}
