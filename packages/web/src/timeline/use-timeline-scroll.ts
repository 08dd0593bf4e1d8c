import type { ConversationId } from '@parley/protocol';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChat } from '../app/chat.ts';
import { rowsBefore } from './rows-before.ts';
import type { TimelineRow } from './timeline-rows.ts';
import { useHistoryLoading } from './use-history-loading.ts';
import type { Window } from './use-window.ts';

/** Nearer to the end than this counts as "at the bottom": new messages are followed. */
const BOTTOM_PX = 60;
const FLASH_MS = 1_600;

export interface TimelineScrollParts {
  readonly id: ConversationId;
  readonly rows: readonly TimelineRow[];
  readonly view: Window;
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly target: number | undefined;
  onAnchor(seq: number | null): void;
}

/** Where the timeline stands: opens at the first unread message, keeps its place when older history comes in above, follows the end when it is there. */
export function useTimelineScroll({ id, rows, view, list, target, onAnchor }: TimelineScrollParts) {
  const chat = useChat();
  const [isAtBottom, setAtBottom] = useState(true);
  const [flashed, flash] = useFlash();
  const follows = useRef(true);
  const lastOffset = useRef(0);
  const wanted = useRef<number | null>(target ?? null);
  /** To try it again. */
  const asked = useRef<number | null>(null);
  const isPrepending = usePrepending(rows);
  const { missing, loadAround, loadTarget, retry } = useHistoryLoading({ id, view, list });

  const toEnd = useCallback(() => {
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [list, rows.length]);

  const jumpTo = useCallback(
    (seq: number) => {
      const index = rows.findIndex((row) => 'seq' in row && row.seq === seq);
      if (index !== -1) {
        wanted.current = null;
        follows.current = false;
        list.current?.scrollToIndex(index, { align: 'center' });
        return flash(seq);
      }
      wanted.current = seq;
      onAnchor(seq);
      asked.current = seq;
      void loadTarget(seq).then((isHere) => {
        if (!isHere) wanted.current = null;
      });
    },
    [rows, list, loadTarget, flash, onAnchor],
  );

  useOpening(rows, list, target, follows);
  // What was asked for and was not here may be here now.
  useEffect(() => {
    if (wanted.current !== null && rows.some((row) => 'seq' in row && row.seq === wanted.current))
      jumpTo(wanted.current);
  }, [rows, jumpTo]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another target is another jump
  useEffect(() => {
    if (target !== undefined) jumpTo(target);
  }, [target]);
  useFollowing(rows, follows, toEnd);

  const onScroll = (offset: number) => {
    const handle = list.current;
    if (handle === null) return;
    const isEnd = handle.scrollSize - offset - handle.viewportSize < BOTTOM_PX && view.isAtEnd;
    // Rows that turn out taller, and new ones, move the end away; only who goes up leaves it.
    if (isEnd) follows.current = true;
    else if (offset < lastOffset.current) follows.current = false;
    lastOffset.current = offset;
    setAtBottom(isEnd || follows.current);
    loadAround(offset);
  };
  // A keyboard came up or a row turned out taller than it seemed.
  const onResize = () => {
    const handle = list.current;
    if (handle === null) return;
    if (!follows.current) return loadAround(handle.scrollOffset);
    // Who is there is not sent there again: the list goes on correcting a jump for a while, and would take back whoever leaves meanwhile.
    if (handle.scrollSize - handle.scrollOffset - handle.viewportSize > 1) toEnd();
  };
  const goToNewest = () => {
    follows.current = true;
    onAnchor(null);
    if (view.isAtEnd) toEnd();
    else void chat.openConversation(id).catch(() => undefined);
  };
  useOwnWords(view, goToNewest);
  const onRetry = () => {
    if (missing?.what === 'target' && asked.current !== null) jumpTo(asked.current);
    else retry();
  };
  return { isPrepending, isAtBottom, flashed, missing, onScroll, onResize, onRetry, jumpTo, goToNewest };
}

/** Who writes sees it: from wherever they were reading, the timeline goes to the end. */
function useOwnWords({ lastWritten, isAtEnd }: Window, goToNewest: () => void): void {
  const seen = useRef(lastWritten);
  useEffect(() => {
    if (lastWritten === undefined || lastWritten === seen.current) return;
    seen.current = lastWritten;
    if (!isAtEnd) goToNewest();
  });
}

/** True for the one drawing in which rows came in, or went, above. */
function usePrepending(rows: readonly TimelineRow[]): boolean {
  const before = useRef(rows);
  const isPrepending =
    before.current !== rows && (rowsBefore(rows, before.current) > 0 || rowsBefore(before.current, rows) > 0);
  useLayoutEffect(() => {
    before.current = rows;
  });
  return isPrepending;
}

/** Once, when the first rows are there: at the first unread message, else at the end. */
function useOpening(
  rows: readonly TimelineRow[],
  list: RefObject<VirtualizerHandle | null>,
  target: number | undefined,
  follows: RefObject<boolean>,
): void {
  const isOpened = useRef(false);
  useLayoutEffect(() => {
    if (isOpened.current || rows.length === 0 || target !== undefined) return;
    isOpened.current = true;
    const unread = rows.findIndex((row) => row.isFirstUnread);
    follows.current = unread === -1;
    if (unread === -1) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
    else list.current?.scrollToIndex(unread, { align: 'start', offset: -24 });
  }, [rows, list, target, follows]);
}

/** Goes along with new messages when the end is on the screen, and always with the own. */
function useFollowing(rows: readonly TimelineRow[], follows: RefObject<boolean>, toEnd: () => void): void {
  const last = useRef(rows.at(-1)?.key);
  useLayoutEffect(() => {
    const row = rows.at(-1);
    if (row === undefined || row.key === last.current) return;
    last.current = row.key;
    if (row.kind === 'waiting') follows.current = true;
    if (follows.current) toEnd();
  }, [rows, follows, toEnd]);
}

function useFlash(): readonly [number | null, (seq: number) => void] {
  const [flashed, setFlashed] = useState<number | null>(null);
  useEffect(() => {
    if (flashed === null) return;
    const timer = setTimeout(() => setFlashed(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flashed]);
  return [flashed, setFlashed];
}
