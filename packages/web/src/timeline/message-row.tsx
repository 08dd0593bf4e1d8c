import type { OutboxRow } from '@parley/client';
import type { Message } from '@parley/protocol';
import { type KeyboardEvent, type MouseEvent, memo, useId, useMemo, useState } from 'react';
import { useMe, useNameOf, useResource, useUser } from '../app/state-hooks.ts';
import { Avatar, toneOf } from '../design/avatar.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import { MessageActions } from './message-actions.tsx';
import { type MessageDialog, MessageDialogs } from './message-dialogs.tsx';
import { MessageText } from './message-text.tsx';
import { usePendingChanges } from './pending-changes.ts';
import { ForwardedFrom, Quote } from './quote.tsx';
import { Reactions, useReact } from './reactions.tsx';
import { MessageTick, RowTick } from './ticks.tsx';
import type { SaidRow } from './timeline-rows.ts';
import { type MessageCommand, useMessageCommands } from './use-message-commands.ts';
import { waitingMessage } from './waiting-message.ts';
import { WhyWaiting } from './why-waiting.tsx';

export interface MessageRowProps {
  readonly row: SaidRow;
  readonly isFocusable: boolean;
  onJump(seq: number): void;
}

/** A message whose content is gone is drawn as a tombstone; this is for the moment between. */
const NO_WORDS = { text: '' };

export const MessageRow = memo(function MessageRow({ row, isFocusable, onJump }: MessageRowProps) {
  const text = useText();
  const id = useId();
  const me = useMe();
  const waiting = row.kind === 'waiting' ? row.row : undefined;
  const said = useMemo(
    () => (row.kind === 'message' ? row.message : waitingMessage(row.row, text('forwarding'))),
    [row, text],
  );
  const { message, last, isDeleted } = usePendingChanges(said);
  const kind = useResource(message.conversation_id)?.kind;
  const [dialog, setDialog] = useState<MessageDialog | null>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isNear, setNear] = useState(false);
  const commands = useMessageCommands(message, waiting !== undefined, setDialog);
  const isOwn = message.sender_id === me?.user_id;
  const onKeyDown = useMessageKeys(message, commands, () => setMenuOpen(true));
  return (
    <article
      className={`message ${isOwn ? 'message-own' : 'message-other'}`}
      data-row={row.key}
      data-ends={row.endsGroup}
      data-deleting={isDeleted}
      data-waiting={waiting?.state.kind}
      tabIndex={isFocusable ? 0 : -1}
      aria-labelledby={`${id}-who ${id}-text`}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onClick={(event) => {
        // A finger has no hovering and on some systems no long press that a page hears of.
        const isTouch = event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType === 'touch';
        if (isTouch && isOnRowItself(event) && event.target.closest('a, button') === null) setMenuOpen(true);
      }}
      onContextMenu={(event) => {
        if (!isOnRowItself(event)) return;
        event.preventDefault();
        openWhenReleased(event, () => setMenuOpen(true));
      }}
    >
      {!isOwn && kind !== 'direct' && <Face senderId={message.sender_id} isShown={row.startsGroup} />}
      <div className="message-column">
        <div className="message-line">
          <div className="bubble">
            <Sender
              senderId={message.sender_id}
              elementId={`${id}-who`}
              isShown={!isOwn && kind !== 'direct' && row.startsGroup}
            />
            {message.content?.forwarded_from !== undefined && <ForwardedFrom origin={message.content.forwarded_from} />}
            {message.content?.reply_to !== undefined && (
              <Quote conversationId={message.conversation_id} seq={message.content.reply_to} onJump={onJump} />
            )}
            <div id={`${id}-text`}>
              <MessageText content={message.content ?? NO_WORDS}>
                <span className="bubble-meta">
                  {message.edited_at !== null && <span>{text('message.edited')}</span>}
                  <Sent at={message.created_at} />
                  {waiting !== undefined ? <RowTick row={waiting} /> : isOwn && <MessageTick message={message} />}
                </span>
              </MessageText>
            </div>
          </div>
          <MessageActions
            commands={commands}
            message={message}
            isNear={isNear || isMenuOpen}
            isMenuOpen={isMenuOpen}
            onMenu={setMenuOpen}
          />
        </div>
        {message.reactions.length > 0 && <Reactions message={message} />}
        <Why row={waiting ?? last} />
      </div>
      {dialog !== null && <MessageDialogs dialog={dialog} message={message} onClose={() => setDialog(null)} />}
    </article>
  );
});

/** Single keys on the focused message. */
function useMessageKeys(message: Message, commands: readonly MessageCommand[], openMenu: () => void) {
  const react = useReact(message);
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = commands.find(({ keys }) => keys.includes(event.key));
    const isThumb = event.key === '+' && commands.some(({ name }) => name === 'react');
    if (event.key !== 'Enter' && command === undefined && !isThumb) return;
    event.preventDefault();
    if (isThumb) react('👍');
    else if (command === undefined) openMenu();
    else command.run();
  };
}

const Why = ({ row }: { row: OutboxRow | undefined }) => (row === undefined ? null : <WhyWaiting row={row} />);

/** React tells a row also of what is pressed in its menu and its dialogs, which are elsewhere on the page. */
const isOnRowItself = (event: MouseEvent): event is MouseEvent & { readonly target: Element } =>
  event.target instanceof Element && event.currentTarget.contains(event.target);

/** Some systems send the event while the button is still down: its release would choose what the menu has put under the pointer. */
function openWhenReleased(event: MouseEvent, open: () => void): void {
  if (event.buttons === 0) open();
  else addEventListener('pointerup', open, { once: true });
}

function Sent({ at }: { at: number }) {
  const time = useTime();
  return (
    <time dateTime={new Date(at).toISOString()} title={time.full(at)}>
      {time.clock(at)}
    </time>
  );
}

function Face({ senderId, isShown }: { senderId: string; isShown: boolean }) {
  const user = useUser(senderId);
  const name = useNameOf(senderId);
  if (!isShown) return <span className="message-face" />;
  return (
    <span className="message-face">
      <Avatar id={senderId} name={name} url={user?.avatar_url ?? null} size="small" />
    </span>
  );
}

function Sender({ senderId, elementId, isShown }: { senderId: string; elementId: string; isShown: boolean }) {
  const name = useNameOf(senderId);
  return (
    <bdi
      id={elementId}
      className={isShown ? 'message-sender tone-name' : 'hidden-visually'}
      data-tone={toneOf(senderId)}
    >
      {name}
    </bdi>
  );
}
