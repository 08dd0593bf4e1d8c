import type { Conversation, User } from '@parley/protocol';
import { type KeyboardEvent, useState } from 'react';
import { useMe } from '../app/state-hooks.ts';
import { useMembers } from '../members/use-members.ts';

const SHOWN_MAX = 6;

export interface Mentions {
  /** Members whose name fits what stands behind the @; empty when nothing is being mentioned. */
  readonly people: readonly User[];
  readonly chosen: number;
  /** Place of the @ in the text. */
  readonly from: number;
  /** For the field, so that a reader hears of the list. */
  readonly aria: Readonly<Record<string, string | boolean>>;
  /** True when the key was for the list. */
  onKeyDown(event: KeyboardEvent, choose: (index: number) => void): boolean;
}

export const MENTION_LIST_ID = 'mention-list';

export function useMentions(conversation: Conversation, text: string, caret: number): Mentions {
  const me = useMe();
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const found = conversation.kind === 'group' ? queryAt(text, caret) : null;
  const members = useMembers(found === null ? null : conversation.conversation_id);
  const isOpen = found !== null && found.from !== dismissed;
  const people = isOpen
    ? matching(
        members.items.map(({ user }) => user),
        found.query,
        me?.user_id,
      )
    : [];
  const index = Math.min(chosen, Math.max(0, people.length - 1));
  return {
    people,
    chosen: index,
    from: found?.from ?? 0,
    aria:
      people.length === 0
        ? {}
        : {
            role: 'combobox',
            'aria-expanded': true,
            'aria-controls': MENTION_LIST_ID,
            'aria-activedescendant': `mention-${index}`,
          },
    onKeyDown(event, choose) {
      if (people.length === 0) return false;
      if (event.key === 'ArrowDown') setChosen((index + 1) % people.length);
      else if (event.key === 'ArrowUp') setChosen((index + people.length - 1) % people.length);
      else if (event.key === 'Enter' || event.key === 'Tab') choose(index);
      else if (event.key === 'Escape') setDismissed(found?.from ?? null);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

/** The word being written behind an @ that begins a word. */
export function queryAt(text: string, caret: number): { readonly from: number; readonly query: string } | null {
  const match = /(?:^|\s)@([^\s@]{0,40})$/.exec(text.slice(0, caret));
  return match === null ? null : { from: caret - (match[1] ?? '').length - 1, query: match[1] ?? '' };
}

function matching(people: readonly User[], query: string, ownId: string | undefined): readonly User[] {
  const wanted = query.toLocaleLowerCase();
  const fits = (user: User) =>
    user.user_id !== ownId &&
    !user.deleted &&
    [user.username ?? '', ...user.name.toLocaleLowerCase().split(/\s+/)].some((word) => word.startsWith(wanted));
  return people.filter(fits).slice(0, SHOWN_MAX);
}
