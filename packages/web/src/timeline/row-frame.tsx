import { memo } from 'react';
import { useNow } from '../app/use-now.ts';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import { MessageRow } from './message-row.tsx';
import { NoticeRow } from './notice-row.tsx';
import type { TimelineRow } from './timeline-rows.ts';

export interface RowFrameProps {
  readonly row: TimelineRow;
  /** The first row of all: the conversation begins above it. */
  readonly isStart: boolean;
  readonly isFocusable: boolean;
  readonly isFlashed: boolean;
  onJump(seq: number): void;
}

/** One item with what belongs above it: the beginning, the day, the line of what is new. */
export const RowFrame = memo(function RowFrame({ row, isStart, isFocusable, isFlashed, onJump }: RowFrameProps) {
  const text = useText();
  return (
    <div className="row-frame" data-starts={row.startsGroup} data-flashed={isFlashed}>
      {isStart && <p className="timeline-note">{text('timeline.start')}</p>}
      {row.day !== null && <Day at={row.day} />}
      {row.isFirstUnread && (
        <div className="timeline-unread" role="separator" aria-label={text('timeline.unread')}>
          <span aria-hidden="true">{text('timeline.unread')}</span>
        </div>
      )}
      <Inside row={row} isFocusable={isFocusable} onJump={onJump} />
    </div>
  );
});

function Inside({ row, isFocusable, onJump }: Pick<RowFrameProps, 'row' | 'isFocusable' | 'onJump'>) {
  const text = useText();
  switch (row.kind) {
    // One row for both: when a waiting message gets its place, what has the focus stays the same element.
    case 'message':
    case 'waiting':
      return <MessageRow row={row} isFocusable={isFocusable} onJump={onJump} />;
    case 'notice':
      return <NoticeRow entry={row.entry} rowKey={row.key} isFocusable={isFocusable} />;
    case 'tombstone':
      return (
        <article className="timeline-note timeline-deleted" data-row={row.key} tabIndex={isFocusable ? 0 : -1}>
          {text('message.deleted')}
        </article>
      );
  }
}

function Day({ at }: { at: number }) {
  const time = useTime();
  const now = useNow(60_000);
  return (
    <h2 className="timeline-day">
      <time dateTime={new Date(at).toISOString().slice(0, 10)}>{time.day(at, now)}</time>
    </h2>
  );
}
