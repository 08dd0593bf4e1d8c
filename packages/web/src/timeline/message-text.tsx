import type { Content } from '@parley/protocol';
import { Fragment, type ReactNode, useMemo } from 'react';
import { useSelected } from '../app/chat.ts';
import { useText } from '../i18n/use-text.ts';
import { renderMarkdown } from './markdown.tsx';

export interface MessageTextProps {
  readonly content: Pick<Content, 'text' | 'mentions'>;
  /** Stands at the end of the last line where there is room. */
  readonly children?: ReactNode;
}

/** The words of a message. */
export function MessageText({ content, children }: MessageTextProps) {
  const text = useText();
  const names = useMentionedNames(content.mentions);
  const words = content.text;
  const rendered = useMemo(() => {
    if (words === undefined) return null;
    const pattern = mentionPattern(names);
    return renderMarkdown(words, (piece) => (pattern === null ? piece : markMentions(piece, pattern)));
  }, [words, names]);
  if (words === undefined)
    return (
      <div className="message-text message-sealed">
        <p>{text('message.sealed')}</p>
        {children}
      </div>
    );
  return (
    <div className={isOnlyEmoji(words) ? 'message-text message-text-emoji' : 'message-text'} dir="auto">
      {rendered}
      {children}
    </div>
  );
}

/** Up to three emoji alone are shown large. */
const isOnlyEmoji = (text: string): boolean => /^(?:\p{RGI_Emoji}\s*){1,3}$/v.test(text.trim());

function useMentionedNames(mentions: readonly string[] | undefined): string {
  return useSelected((state) =>
    (mentions ?? [])
      .flatMap((id) => {
        const user = id === state.me?.user_id ? state.me : state.users[id];
        return user === undefined ? [] : [user.name];
      })
      .join('\n'),
  );
}

function mentionPattern(names: string): RegExp | null {
  if (names === '') return null;
  const longestFirst = names.split('\n').sort((one, other) => other.length - one.length);
  return new RegExp(`(@(?:${longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')}))`);
}

function markMentions(piece: string, pattern: RegExp): ReactNode {
  // With a group in the pattern every second part is a mention.
  return piece.split(pattern).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className="mention">
        <bdi>{part}</bdi>
      </span>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
