import type { ConversationId } from '@parley/protocol';
import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChat } from '../app/chat.ts';
import { pressLetter } from '../app/shortcuts.ts';
import { takeArrival } from './arrival.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** One stop for Tab, arrow keys within; whoever comes in from outside begins at the newest message. */
export function useRowFocus(
  id: ConversationId,
  rows: readonly TimelineRow[],
  list: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLElement | null>,
) {
  const chat = useChat();
  const [chosenKey, setChosen] = useState<string | null>(null);
  const isMoving = useRef(false);
  const chosen = rows.findIndex((row) => row.key === chosenKey);
  const index = chosen === -1 ? rows.length - 1 : chosen;
  const activeKey = rows[index]?.key;
  const lastIndex = useRef(index);

  // Also when the row was active before it was chosen, as the last one is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!isMoving.current || activeKey === undefined || isWriting()) return;
    list.current?.scrollToIndex(index, { align: 'nearest' });
    const row = rowElement(scroller.current, activeKey);
    row?.focus({ preventScroll: true });
    // One that is not drawn yet gets the focus with the next rows, unless somebody writes by then.
    isMoving.current = document.activeElement !== row && !isWriting();
  }, [activeKey, chosenKey, index, rows, list, scroller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first rows are there
  useEffect(() => {
    if (!takeArrival(id)) return;
    isMoving.current = true;
    setChosen((rows.find((row) => row.isFirstUnread) ?? rows.at(-1))?.key ?? null);
  }, []);

  // A focused message that was deleted is another row now: the focus goes to what stands in its place.
  useEffect(() => {
    if (chosen !== -1) lastIndex.current = chosen;
    else if (chosenKey !== null && document.activeElement === document.body) {
      isMoving.current = true;
      setChosen(rows[Math.min(lastIndex.current, rows.length - 1)]?.key ?? null);
    }
  }, [rows, chosen, chosenKey]);

  const moveTo = (next: number) => {
    const row = rows[Math.max(0, Math.min(next, rows.length - 1))];
    if (row === undefined || row.key === activeKey) return;
    isMoving.current = true;
    setChosen(row.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOnRow = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
    if (!isOnRow || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = {
      ArrowUp: index - 1,
      ArrowDown: index + 1,
      Home: 0,
      End: rows.length - 1,
      PageUp: index - 10,
      PageDown: index + 10,
    }[event.key];
    if (next === undefined) return pressLetter(event, chat);
    event.preventDefault();
    moveTo(next);
  };
  const onFocus = (event: FocusEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (row?.dataset.row !== undefined) setChosen(row.dataset.row);
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setChosen(null);
  };
  return { activeKey, keepMounted: index < 0 ? [] : [index], onKeyDown, onFocus, onBlur };
}

const isWriting = (): boolean => document.activeElement?.matches('input, textarea') === true;

function rowElement(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;
}
