import { useEffect, useState } from 'react';
import { useMe, useNameOf } from '../app/state-hooks.ts';
import { useText } from '../i18n/use-text.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** Reads what arrives to those who hear the page; the list itself is drawn in parts and cannot be a live region. */
export function Announcer({ rows }: { rows: readonly TimelineRow[] }) {
  const text = useText();
  const me = useMe();
  const [opened] = useState(() => lastSeqOf(rows));
  const last = rows.findLast((row) => row.kind === 'message');
  const message = last?.kind === 'message' ? last.message : undefined;
  const name = useNameOf(message?.sender_id ?? '');
  const isNews = message !== undefined && message.seq > opened && message.sender_id !== me?.user_id;
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (isNews) setSaid(text('announce', { name, text: message.content?.text ?? '' }));
  }, [isNews, message, name, text]);
  return (
    <div className="hidden-visually" role="log" aria-live="polite">
      {said}
    </div>
  );
}

const lastSeqOf = (rows: readonly TimelineRow[]): number =>
  rows.reduce((last, row) => ('seq' in row ? Math.max(last, row.seq) : last), 0);
