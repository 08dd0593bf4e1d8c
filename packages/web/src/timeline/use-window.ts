import { type HeldConversation, type OutboxRow, type TimelineItem, timeline } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { useSelected } from '../app/chat.ts';
import { useResource } from '../app/state-hooks.ts';

/** The stretch of history that is on the screen: without holes, so that nothing is ever put between two rows. */
export interface Window {
  readonly items: readonly TimelineItem[];
  readonly waiting: readonly OutboxRow[];
  /** Key of what was written last and waits, also where it is not shown because the end is not. */
  readonly lastWritten: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
}

const NO_ROWS: readonly OutboxRow[] = [];

/** The stretch around `anchorSeq`, or the newest. Undefined while nothing of the conversation's history is on this device. */
export function useWindow(id: ConversationId, anchorSeq: number | null): Window | undefined {
  // Not the whole of it: a read mark, which moves while somebody scrolls, changes nothing here.
  const history = useSelected((state) => state.conversations[id]?.timeline);
  const resource = useResource(id);
  const waiting = useSelected((state) => timeline(state, id)?.pending ?? NO_ROWS);
  const last = useRef<Window | undefined>(undefined);
  const view = useMemo(
    () =>
      history === undefined || resource === undefined
        ? undefined
        : windowOf({ timeline: history, resource }, waiting, anchorSeq, last.current),
    [history, resource, waiting, anchorSeq],
  );
  useLayoutEffect(() => {
    last.current = view;
  });
  return view;
}

export function windowOf(
  held: Pick<HeldConversation, 'timeline' | 'resource'>,
  waiting: readonly OutboxRow[],
  anchorSeq: number | null,
  last?: Pick<Window, 'from' | 'to'>,
): Window | undefined {
  const { ranges, items } = held.timeline;
  const around = ranges.find((range) => anchorSeq !== null && range.from <= anchorSeq && anchorSeq <= range.to);
  // Far from where it was opened that place is not held any more: what is on the screen goes on.
  const here = ranges.find(
    ({ from, to }) => anchorSeq !== null && last !== undefined && from <= last.to && to >= last.from,
  );
  const range = around ?? here ?? ranges.at(-1);
  const { head_seq: head, my } = held.resource;
  if (range === undefined)
    return head === 0 || waiting.length > 0
      ? {
          items: [],
          waiting,
          lastWritten: waiting.at(-1)?.clientMsgId,
          from: head + 1,
          to: head,
          isAtStart: head === 0,
          isAtEnd: true,
        }
      : undefined;
  const isAtEnd = range.to >= head;
  return {
    items: ranges.length === 1 ? items : items.filter((item) => item.seq >= range.from && item.seq <= range.to),
    waiting: isAtEnd ? waiting : NO_ROWS,
    lastWritten: waiting.at(-1)?.clientMsgId,
    from: range.from,
    to: range.to,
    isAtStart: range.from <= Math.max(1, my.visible_from_seq),
    isAtEnd,
  };
}
