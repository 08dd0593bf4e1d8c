import type { OutboxRow } from '@parley/client';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { useChat, useSelected } from '../app/chat.ts';
import { useStatus } from '../app/state-hooks.ts';
import { useNow } from '../app/use-now.ts';
import { rowWords } from '../connection/row-words.ts';
import { Button } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import { MessageText } from './message-text.tsx';
import { RowTick } from './ticks.tsx';
import type { Framing } from './timeline-rows.ts';

export interface WaitingRowProps {
  readonly row: Framing;
  readonly outboxRow: OutboxRow;
  readonly isFocusable: boolean;
}

/** A message that is not in the log yet: looks like one, and says why it is not and what happens next. */
export function WaitingRow({ row, outboxRow, isFocusable }: WaitingRowProps) {
  const text = useText();
  const time = useTime();
  const id = useId();
  const { write, state, createdAt } = outboxRow;
  return (
    <article
      className="message message-own"
      data-row={row.key}
      data-ends={row.endsGroup}
      data-waiting={state.kind}
      tabIndex={isFocusable ? 0 : -1}
      aria-labelledby={`${id}-text`}
    >
      <div className="bubble">
        <div id={`${id}-text`}>
          <MessageText content={write.kind === 'send' ? write.content : { text: text('forwarding') }}>
            <span className="bubble-meta">
              <time dateTime={new Date(createdAt).toISOString()}>{time.clock(createdAt)}</time>
              <RowTick row={outboxRow} />
            </span>
          </MessageText>
        </div>
      </div>
      <WhyWaiting row={outboxRow} />
    </article>
  );
}

/** Nobody wants to read about the half second that sending takes. */
const SLOW_MS = 2_000;

export function WhyWaiting({ row }: { row: OutboxRow }) {
  const text = useText();
  const chat = useChat();
  const status = useStatus();
  const outbox = useSelected((state) => state.outbox);
  const now = useNow(1_000);
  const isWorthSaying = row.state.kind === 'failed' || status.kind !== 'live' || now - row.createdAt > SLOW_MS;
  if (row.state.kind === 'stored' || !isWorthSaying) return null;
  return (
    <div className="message-why" data-state={row.state.kind}>
      <span role={row.state.kind === 'failed' ? 'alert' : undefined}>
        {rowWords(row, { status, outbox }, now, text)}
      </span>
      {row.state.kind === 'failed' && (
        <>
          <Button look="quiet" onClick={() => void chat.retry(row.clientMsgId)}>
            <RotateCcw size={16} />
            {text('waiting.retry')}
          </Button>
          <Button look="quiet" onClick={() => void chat.discard(row.clientMsgId)}>
            <Trash2 size={16} />
            {text('waiting.discard')}
          </Button>
        </>
      )}
    </div>
  );
}
