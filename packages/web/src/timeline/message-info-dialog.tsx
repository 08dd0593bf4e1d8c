import { tickOf } from '@parley/client';
import { ROUTES, type RouteOutput } from '@parley/protocol';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useChat, useSelected } from '../app/chat.ts';
import { useKnownPeople } from '../app/people.ts';
import { useMe, useNameOf } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import type { MessageDialogProps } from './message-dialogs.tsx';

type Receipts = RouteOutput<typeof ROUTES.getReceipts>;
type Receipt = Receipts['items'][number];

/** When it was said, and of an own message who has it and who has read it. */
export function MessageInfoDialog({ message, onClose }: MessageDialogProps) {
  const text = useText();
  const time = useTime();
  const me = useMe();
  return (
    <Dialog title={text('info.title')} onClose={onClose}>
      <dl className="info-list">
        <dt>{text('info.sent')}</dt>
        <dd>{time.full(message.created_at)}</dd>
        {message.edited_at !== null && (
          <>
            <dt>{text('info.edited')}</dt>
            <dd>{time.full(message.edited_at)}</dd>
          </>
        )}
      </dl>
      {message.sender_id === me?.user_id && <Recipients message={message} />}
    </Dialog>
  );
}

function Recipients({ message }: Pick<MessageDialogProps, 'message'>) {
  const text = useText();
  const chat = useChat();
  const { problem, run } = useTask();
  const [receipts, setReceipts] = useState<Receipts>();
  const { conversation_id, seq } = message;
  const load = useCallback(
    (cursor: string | null) =>
      run(async () => {
        const query = { limit: 100, ...(cursor === null ? {} : { cursor }) };
        const page = await chat.api.call(ROUTES.getReceipts, { params: { conversation_id, seq }, query });
        setReceipts((before) =>
          cursor === null ? page : { ...page, items: [...(before?.items ?? []), ...page.items] },
        );
      }),
    [chat, conversation_id, seq, run],
  );
  // Anew when it has come to somebody, or was read, meanwhile.
  const tick = useSelected((state) => tickOf(state, message));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tick is another answer
  useEffect(() => void load(null), [load, tick]);
  useKnownPeople(useMemo(() => receipts?.items.map((item) => item.user_id) ?? [], [receipts]));
  if (problem !== null) return <FormProblem>{problem}</FormProblem>;
  if (receipts === undefined) return <p role="status">{text('loading')}</p>;
  const { items } = receipts;
  return (
    <>
      <p>
        {text('info.counts', { read: receipts.read, delivered: receipts.delivered, recipients: receipts.recipients })}
      </p>
      <PeopleList title={text('tick.read')} items={items.filter((item) => item.read)} />
      <PeopleList title={text('tick.delivered')} items={items.filter((item) => item.delivered && !item.read)} />
      <PeopleList title={text('info.notYet')} items={items.filter((item) => !item.delivered)} />
      {receipts.next_cursor !== null && (
        <Button look="quiet" onClick={() => void load(receipts.next_cursor)}>
          {text('more')}
        </Button>
      )}
    </>
  );
}

function PeopleList({ title, items }: { title: string; items: readonly Receipt[] }) {
  if (items.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="pick-list">
        {items.map((item) => (
          <Person key={item.user_id} userId={item.user_id} />
        ))}
      </ul>
    </section>
  );
}

function Person({ userId }: { userId: string }) {
  const name = useNameOf(userId);
  return (
    <li className="pick-row">
      <Avatar id={userId} name={name} size="small" />
      <bdi>{name}</bdi>
    </li>
  );
}
