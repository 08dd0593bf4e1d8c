import type { HeldConversation } from '@parley/client';
import type { Conversation, User } from '@parley/protocol';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { shownName, titleOf, useArchivedList, useConversationList } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { type Text, useText } from '../i18n/use-text.ts';
import { useFoundChannels, useFoundPeople } from './use-found.ts';

/** Conversations of this device at once, people and public channels as the server finds them. Pressing one opens it. */
export function SearchResults({ query, onDone }: { query: string; onDone(): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const own = useOwnConversations(query);
  const people = useFoundPeople(query);
  const channels = useFoundChannels(query);
  const ownIds = useMemo(() => new Set(own.map(({ resource }) => resource.conversation_id)), [own]);
  const peers = useMemo(() => new Set(own.map(({ resource }) => resource.peer?.user_id)), [own]);
  const open = (start: () => Promise<Conversation>) =>
    void task.run(async () => {
      go({ name: 'conversation', id: (await start()).conversation_id });
      onDone();
    });
  const strangers = people.items.filter((user) => !peers.has(user.user_id));
  const places = channels.items.filter((channel) => !ownIds.has(channel.conversation_id));
  const isSearching = people.state === 'searching' || channels.state === 'searching';
  const isNothing = own.length + strangers.length + places.length === 0;
  return (
    <div className="search-results" onKeyDown={moveFocus}>
      {task.problem !== null && <p role="alert">{task.problem}</p>}
      <Group title={text('conversations')} isEmpty={own.length === 0}>
        {own.map(({ resource }) => (
          <Result
            key={resource.conversation_id}
            id={resource.peer?.user_id ?? resource.conversation_id}
            name={titleOf(resource, text)}
            shape={resource.kind === 'direct' ? 'person' : resource.kind}
            note={noteOf(resource, text)}
            onOpen={() => {
              go({ name: 'conversation', id: resource.conversation_id });
              onDone();
            }}
          />
        ))}
      </Group>
      <Group title={text('people')} isEmpty={strangers.length === 0}>
        {strangers.map((user) => (
          <Result
            key={user.user_id}
            id={user.user_id}
            name={shownName(user, text)}
            shape="person"
            note={usernameOf(user)}
            onOpen={() => open(() => chat.createDirect(user.user_id))}
          />
        ))}
      </Group>
      <Group title={text('channels')} isEmpty={places.length === 0}>
        {places.map((channel) => (
          <Result
            key={channel.conversation_id}
            id={channel.conversation_id}
            name={channel.name}
            shape="channel"
            note={
              channel.description === null ? (
                text('subscribers', { count: channel.member_count })
              ) : (
                <bdi>{channel.description}</bdi>
              )
            }
            onOpen={() => open(() => chat.joinChannel(channel.conversation_id))}
          />
        ))}
      </Group>
      <p className="search-note" role="status">
        {people.state === 'failed' && text('search.offline')}
        {people.state !== 'failed' && isNothing && text(isSearching ? 'search.searching' : 'search.nothing', { query })}
      </p>
    </div>
  );
}

function useOwnConversations(query: string): readonly HeldConversation[] {
  const text = useText();
  const active = useConversationList();
  const archived = useArchivedList();
  return useMemo(() => {
    const wanted = query.toLocaleLowerCase();
    return [...active, ...archived]
      .filter(({ resource }) => titleOf(resource, text).toLocaleLowerCase().includes(wanted))
      .slice(0, 30);
  }, [active, archived, query, text]);
}

const usernameOf = (user: User): ReactNode => <bdi>{user.username === null ? user.status : `@${user.username}`}</bdi>;

const noteOf = (conversation: Conversation, text: Text): ReactNode =>
  conversation.peer !== null
    ? usernameOf(conversation.peer)
    : text(conversation.kind === 'channel' ? 'subscribers' : 'members', { count: conversation.member_count });

function Group({ title, isEmpty, children }: { title: string; isEmpty: boolean; children: ReactNode }) {
  if (isEmpty) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}

interface ResultProps {
  readonly id: string;
  readonly name: string;
  readonly note: ReactNode;
  readonly shape: 'person' | 'group' | 'channel';
  onOpen(): void;
}

function Result({ id, name, note, shape, onOpen }: ResultProps) {
  return (
    <li>
      <button type="button" className="search-result" onClick={onOpen}>
        <Avatar id={id} name={name} shape={shape} />
        <span>
          <bdi>{name}</bdi>
          <small>{note}</small>
        </span>
      </button>
    </li>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const results = [...event.currentTarget.querySelectorAll<HTMLElement>('.search-result')];
  const here = results.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  if (here === 0 && event.key === 'ArrowUp') document.querySelector<HTMLElement>('.search-box input')?.focus();
  else results[here + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
