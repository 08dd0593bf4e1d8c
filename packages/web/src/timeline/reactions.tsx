import type { Message } from '@parley/protocol';
import { useChat } from '../app/chat.ts';
import { useText } from '../i18n/use-text.ts';

/** Adds an own reaction, or takes it back when it is there. */
export function useReact(message: Message): (emoji: string) => void {
  const chat = useChat();
  return (emoji) => {
    const isMine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.me);
    void chat.react(message.conversation_id, message.seq, emoji, isMine ? 'removed' : 'added');
  };
}

export function Reactions({ message }: { message: Message }) {
  const text = useText();
  const react = useReact(message);
  return (
    <ul className="reactions">
      {message.reactions.map(({ emoji, count, me }) => (
        <li key={emoji}>
          <button
            type="button"
            className="reaction"
            aria-pressed={me}
            aria-label={text('reaction', { emoji, count })}
            onClick={() => react(emoji)}
          >
            <span aria-hidden="true">{emoji}</span>
            <span aria-hidden="true">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
