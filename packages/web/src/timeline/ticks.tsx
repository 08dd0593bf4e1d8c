import { type OutboxRow, type Tick, tickOf } from '@parley/client';
import type { Message } from '@parley/protocol';
import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { useSelected } from '../app/chat.ts';
import type { TextId } from '../i18n/use-text.ts';
import { useText } from '../i18n/use-text.ts';

const WORDS: Readonly<Record<Tick, TextId>> = {
  pending: 'tick.pending',
  sent: 'tick.sent',
  delivered: 'tick.delivered',
  read: 'tick.read',
  failed: 'tick.failed',
};

const ICONS = { pending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert };

/** How far an own message is: a sign for the eye, a word for the ear. */
function TickSign({ tick }: { tick: Tick }) {
  const text = useText();
  const Icon = ICONS[tick];
  return (
    <span className="tick" data-tick={tick} title={text(WORDS[tick])}>
      <Icon size={15} aria-hidden="true" />
      <span className="hidden-visually">{text(WORDS[tick])}</span>
    </span>
  );
}

export function MessageTick({ message }: { message: Message }) {
  return <TickSign tick={useSelected((state) => tickOf(state, message))} />;
}

export function RowTick({ row }: { row: OutboxRow }) {
  return <TickSign tick={useSelected((state) => tickOf(state, row))} />;
}
