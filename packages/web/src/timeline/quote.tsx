import type { TimelineItem } from '@parley/client';
import type { Content } from '@parley/protocol';
import { Forward } from 'lucide-react';
import { useSelected } from '../app/chat.ts';
import { useNameOf } from '../app/state-hooks.ts';
import { toneOf } from '../design/avatar.tsx';
import { isolated, useText } from '../i18n/use-text.ts';
import { plainText } from './plain-text.ts';

export interface QuoteProps {
  readonly conversationId: string;
  readonly seq: number;
  onJump(seq: number): void;
}

/** What a message answers; pressing it goes there. */
export function Quote({ conversationId, seq, onJump }: QuoteProps) {
  const text = useText();
  const item = useHeldItem(conversationId, seq);
  return (
    <button type="button" tabIndex={-1} className="quote" onClick={() => onJump(seq)} title={text('quote.jump')}>
      <span className="hidden-visually">{text('quote.label')}</span>
      <QuoteWords item={item} />
    </button>
  );
}

export function QuoteWords({ item }: { item: TimelineItem | undefined }) {
  const text = useText();
  const senderId = item?.kind === 'message' ? item.message.sender_id : '';
  const name = useNameOf(senderId);
  if (item?.kind === 'tombstone') return <span className="quote-text">{text('message.deleted')}</span>;
  if (item?.kind !== 'message') return <span className="quote-text">{text('quote.earlier')}</span>;
  const words = item.message.content?.text;
  return (
    <>
      <bdi className="quote-name tone-name" data-tone={toneOf(senderId)}>
        {name}
      </bdi>
      <span className="quote-text" dir="auto">
        {words === undefined ? text('message.sealed') : plainText(words)}
      </span>
    </>
  );
}

export const useHeldItem = (conversationId: string, seq: number): TimelineItem | undefined =>
  useSelected((state) => state.conversations[conversationId]?.timeline.items.find((item) => item.seq === seq));

export function ForwardedFrom({ origin }: { origin: NonNullable<Content['forwarded_from']> }) {
  const text = useText();
  const name = useNameOf(origin.sender_id);
  return (
    <p className="forwarded">
      <Forward size={14} className="icon-turns" aria-hidden="true" />
      <span>{text('forwarded.from', { name: isolated(name) })}</span>
    </p>
  );
}
