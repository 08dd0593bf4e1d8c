import type { ConversationId, LogEntry, NoticeOf } from '@parley/protocol';
import { LIMITS } from '@parley/protocol';

/** Room for the frame's own fields in both encodings. */
const FRAME_OVERHEAD_BYTES = 512;

interface EntriesPage {
  readonly after_seq: number;
  readonly covered_up_to: number;
  readonly head_seq: number;
  readonly entries: readonly LogEntry[];
}

/**
 * The reply to `fetch_entries`, cut to the size of a frame (FRAME-2): the range that it names ends with the last entry that fits, and the client asks on from there.
 * A single entry always fits. JSON is the longer of the two encodings.
 */
export function entriesFrame(re: number, conversationId: ConversationId, page: EntriesPage): NoticeOf<'entries'> {
  let bytes = FRAME_OVERHEAD_BYTES;
  let fitting = 0;
  for (const entry of page.entries) {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (bytes > LIMITS.frameBytesMax && fitting > 0) break;
    fitting += 1;
  }
  const entries = page.entries.slice(0, fitting);
  const cut = fitting < page.entries.length;
  return {
    type: 'entries',
    re,
    conversation_id: conversationId,
    after_seq: page.after_seq,
    covered_up_to: cut ? (entries.at(-1)?.seq ?? page.after_seq) : page.covered_up_to,
    head_seq: page.head_seq,
    entries,
  };
}
