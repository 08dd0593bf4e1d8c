import type { ConversationId } from '@parley/protocol';
import { ArrowDown } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useKnownPeople } from '../app/people.ts';
import { useMe, useResource } from '../app/state-hooks.ts';
import { IconButton } from '../design/button.tsx';
import { Badge, EmptyState, Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { Announcer } from './announcer.tsx';
import { MissingLine } from './missing-line.tsx';
import { RowFrame } from './row-frame.tsx';
import './timeline.css';
import { peopleOfRows } from './people-of-rows.ts';
import { useStagedRows } from './staged-rows.ts';
import { type TimelineRow, timelineRows } from './timeline-rows.ts';
import { useFirstUnread } from './use-first-unread.ts';
import { useReadMark } from './use-read-mark.ts';
import { useRowFocus } from './use-row-focus.ts';
import { useTimelineScroll } from './use-timeline-scroll.ts';
import { useWindow, type Window } from './use-window.ts';

export interface TimelineProps {
  readonly id: ConversationId;
  /** A message to show. */
  readonly seq?: number;
  /** Last seq that was read when the conversation was opened. */
  readonly unreadAfter: number;
  /** History could not be loaded. */
  readonly isFailing: boolean;
}

export function Timeline({ id, seq, unreadAfter, isFailing }: TimelineProps) {
  const text = useText();
  const me = useMe();
  const unread = useResource(id)?.unread_count ?? 0;
  const firstUnread = useFirstUnread(id, seq, unreadAfter);
  const [anchor, setAnchor] = useState<number | null>(seq ?? firstUnread.seq);
  const view = useWindow(id, anchor);
  const ownId = me?.user_id ?? '';
  const { items, waiting } = view ?? NOTHING;
  const rows = useMemo(() => timelineRows(items, waiting, unreadAfter, ownId), [items, waiting, unreadAfter, ownId]);
  useKnownPeople(useMemo(() => peopleOfRows(rows), [rows]));
  const isAwaited = firstUnread.isComing && !(view !== undefined && isWithin(view, firstUnread.seq));
  if (view === undefined || isAwaited || (rows.length === 0 && !view.isAtEnd))
    return isFailing ? <Unreachable /> : <Loading />;
  if (rows.length === 0) return <EmptyState title={text('timeline.empty')} />;
  return <Rows id={id} rows={rows} view={view} unread={unread} target={seq} onAnchor={setAnchor} />;
}

const NOTHING: Pick<Window, 'items' | 'waiting'> = { items: [], waiting: [] };

const isWithin = ({ from, to }: { from: number; to: number }, seq: number | null): boolean =>
  seq !== null && from <= seq && seq <= to;

interface RowsProps {
  readonly id: ConversationId;
  readonly rows: readonly TimelineRow[];
  readonly view: Window;
  readonly unread: number;
  readonly target: number | undefined;
  onAnchor(seq: number | null): void;
}

function Rows({ id, rows: given, view, unread, target, onAnchor }: RowsProps) {
  const text = useText();
  const rows = useStagedRows(given);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const scroll = useTimelineScroll({ id, rows, view, list, target, onAnchor });
  const onSeen = useReadMark(id, rows, list, view.isAtEnd);
  const focus = useRowFocus(id, rows, list, scroller);
  return (
    <div className="timeline">
      <div
        className="timeline-scroll"
        ref={scroller}
        role="group"
        aria-label={text('timeline')}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
      >
        <div className="timeline-spacer" />
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={rows}
          shift={scroll.isPrepending}
          keepMounted={focus.keepMounted}
          as="ol"
          item="li"
          onScroll={(offset) => {
            scroll.onScroll(offset);
            onSeen();
          }}
          onResize={scroll.onResize}
        >
          {(row, index) => (
            <RowFrame
              key={row.key}
              row={row}
              isStart={index === 0 && view.isAtStart}
              isFocusable={row.key === focus.activeKey}
              isFlashed={'seq' in row && row.seq === scroll.flashed}
              onJump={scroll.jumpTo}
            />
          )}
        </Virtualizer>
      </div>
      {scroll.missing !== null && <MissingLine missing={scroll.missing} onRetry={scroll.onRetry} />}
      {!scroll.isAtBottom && (
        <div className="timeline-newest">
          {unread > 0 && <Badge count={unread} label={text('unread', { count: unread })} />}
          <IconButton label={text('timeline.newest')} icon={<ArrowDown size={20} />} onClick={scroll.goToNewest} />
        </div>
      )}
      <Announcer rows={rows} />
    </div>
  );
}

function Loading() {
  const text = useText();
  return (
    <div className="timeline">
      <Skeleton shape="bubbles" rows={6} label={text('loading')} />
    </div>
  );
}

function Unreachable() {
  const text = useText();
  return (
    <EmptyState title={text('timeline.unreachable')}>
      <p>{text('timeline.unreachableHint')}</p>
    </EmptyState>
  );
}
