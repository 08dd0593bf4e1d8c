import type { OutboxRow } from '@parley/client';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useChat, useSelected } from '../app/chat.ts';
import { useResource, useStatus } from '../app/state-hooks.ts';
import { useNow } from '../app/use-now.ts';
import { rowWords } from '../connection/row-words.ts';
import { useOnline } from '../connection/use-online.ts';
import { Button } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { mayRetry } from './message-rights.ts';

/** Nobody wants to read about the half second that sending takes. */
const SLOW_MS = 2_000;

export function WhyWaiting({ row }: { row: OutboxRow }) {
  const text = useText();
  const chat = useChat();
  const status = useStatus();
  const conversation = useResource(row.conversationId);
  const outbox = useSelected((state) => state.outbox);
  const now = useNow(1_000);
  const isOnline = useOnline();
  const isAway = status.kind !== 'live' || !isOnline;
  const isWorthSaying = row.state.kind === 'failed' || isAway || now - row.createdAt > SLOW_MS;
  if (row.state.kind === 'stored' || !isWorthSaying) return null;
  return (
    <div className="message-why" data-state={row.state.kind}>
      <span role={row.state.kind === 'failed' ? 'alert' : undefined}>
        {row.state.kind === 'pending' && !isOnline
          ? text('row.waiting_for_connection')
          : rowWords(row, { status, outbox }, now, text)}
      </span>
      {row.state.kind === 'failed' && (
        <>
          {mayRetry(row.write, conversation) && (
            <Button look="quiet" onClick={() => void chat.retry(row.clientMsgId)}>
              <RotateCcw size={16} />
              {text('waiting.retry')}
            </Button>
          )}
          <Button look="quiet" onClick={() => void chat.discard(row.clientMsgId)}>
            <Trash2 size={16} />
            {text('waiting.discard')}
          </Button>
        </>
      )}
    </div>
  );
}
