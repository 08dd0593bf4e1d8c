import type { ConversationId } from '@parley/protocol';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChat } from '../app/chat.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** Marks as read what has been on the screen of somebody who looks at it. The returned function is called when the timeline has moved. */
export function useReadMark(
  id: ConversationId,
  rows: readonly TimelineRow[],
  list: RefObject<VirtualizerHandle | null>,
  isAtEnd: boolean,
): () => void {
  const chat = useChat();
  const marked = useRef(0);
  const look = useCallback(() => {
    const handle = list.current;
    if (handle === null || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const bottom = handle.scrollOffset + handle.viewportSize;
    const index = handle.findItemIndex(bottom - 8);
    const isLast = isAtEnd && handle.scrollSize - bottom < 24;
    const seq = isLast ? Number.MAX_SAFE_INTEGER : lastSeq(rows, index);
    if (seq <= marked.current) return;
    const held = chat.store.getSnapshot().conversations[id];
    if (held === undefined || held.resource.my.read_up_to >= held.resource.head_seq) return;
    if (isLast) chat.markRead(id);
    else {
      marked.current = seq;
      chat.markRead(id, seq);
    }
  }, [chat, id, rows, list, isAtEnd]);
  useEffect(() => {
    // After the list has measured and scrolled.
    const frame = requestAnimationFrame(look);
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);
  return look;
}

/** The last place in the log at or before a row. */
function lastSeq(rows: readonly TimelineRow[], index: number): number {
  for (let place = Math.min(index, rows.length - 1); place >= 0; place -= 1) {
    const row = rows[place];
    if (row !== undefined && 'seq' in row) return row.seq;
  }
  return 0;
}
