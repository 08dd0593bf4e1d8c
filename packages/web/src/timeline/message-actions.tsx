import type { Message } from '@parley/protocol';
import { Copy, Forward, Info, MoreHorizontal, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { IconButton } from '../design/button.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { type Text, useText } from '../i18n/use-text.ts';
import { useReact } from './reactions.tsx';
import type { MessageCommand } from './use-message-commands.ts';

const ICONS: Readonly<Record<MessageCommand['name'], ReactNode>> = {
  react: <SmilePlus />,
  reply: <Reply className="icon-turns" />,
  edit: <Pencil />,
  copy: <Copy />,
  forward: <Forward className="icon-turns" />,
  info: <Info />,
  delete: <Trash2 />,
};

/** One press away. */
const QUICK_EMOJI = ['👍', '❤️', '😂'];

export interface MessageActionsProps {
  readonly commands: readonly MessageCommand[];
  readonly message: Message;
  /** The pointer is there: the row shows what one press can do. */
  readonly isNear: boolean;
  readonly isMenuOpen: boolean;
  onMenu(isOpen: boolean): void;
}

/** Beside the bubble. The keyboard has the same by Enter and single keys, so these are no stops for Tab. */
export function MessageActions({ commands, message, isNear, isMenuOpen, onMenu }: MessageActionsProps) {
  const text = useText();
  const bar = useRef<HTMLDivElement>(null);
  const react = useReact(message);
  if (!isNear || commands.length === 0) return <div className="message-actions" />;
  const reply = commands.find(({ name }) => name === 'reply');
  const pick = commands.find(({ name }) => name === 'react');
  // A finger has no bar beside the bubble, so it finds them here.
  const quick =
    pick === undefined || matchMedia('(hover: hover)').matches
      ? []
      : QUICK_EMOJI.map((emoji) => ({
          label: text('action.reactWith', { emoji }),
          icon: emoji,
          isQuick: true,
          onSelect: () => react(emoji),
        }));
  return (
    <div className="message-actions">
      <div className="message-actions-bar" ref={bar}>
        <QuickReactions message={message} />
        {pick !== undefined && (
          <IconButton tabIndex={-1} label={text('action.react')} icon={<SmilePlus size={18} />} onClick={pick.run} />
        )}
        {reply !== undefined && (
          <IconButton
            tabIndex={-1}
            label={text('action.reply')}
            icon={<Reply size={18} className="icon-turns" />}
            onClick={reply.run}
          />
        )}
        <Menu
          trigger={<IconButton tabIndex={-1} label={text('message.menu')} icon={<MoreHorizontal size={18} />} />}
          isOpen={isMenuOpen}
          onOpenChange={onMenu}
          returnFocusTo={() => bar.current?.closest<HTMLElement>('[data-row]')}
          items={[...quick, ...commands.map((command) => lineOf(command, text))]}
        />
      </div>
    </div>
  );
}

const lineOf = (command: MessageCommand, text: Text): MenuItem => ({
  label: text(command.text),
  icon: ICONS[command.name],
  shortcut: command.keys[0]?.toUpperCase().replace('DELETE', 'Del') ?? '',
  isDangerous: command.name === 'delete',
  onSelect: command.run,
});

function QuickReactions({ message }: { message: Message }) {
  const text = useText();
  const react = useReact(message);
  return (
    <>
      {QUICK_EMOJI.map((emoji) => (
        <button
          key={emoji}
          type="button"
          tabIndex={-1}
          className="icon-button quick-reaction"
          aria-label={text('action.reactWith', { emoji })}
          onClick={() => react(emoji)}
        >
          {emoji}
        </button>
      ))}
    </>
  );
}
