import type { HeldConversation, ReadMark } from './state.ts';
import { itemAt } from './timeline.ts';

/** The mark for "everything up to `upTo` is read" (by default all), with the number of messages that it covers as far as this device knows. */
export function readMarkOf({ resource, timeline }: HeldConversation, upTo?: number): ReadMark {
  const seq = Math.min(upTo ?? resource.head_seq, resource.head_seq);
  if (seq >= (resource.last_message?.seq ?? resource.head_seq)) return { upTo: seq, count: resource.message_count };
  const item = itemAt(timeline, seq);
  return { upTo: seq, count: item?.kind === 'message' ? item.message.count : resource.my.read_count };
}
