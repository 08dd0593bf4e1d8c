import { Archive, ChevronLeft } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useKnownPeople } from '../app/people.ts';
import { useRoute } from '../app/route.ts';
import { pressLetter } from '../app/shortcuts.ts';
import { useArchivedList, useConversationList, useHasState } from '../app/state-hooks.ts';
import { useNow } from '../app/use-now.ts';
import { useWatchedPresence } from '../app/watched-presence.ts';
import { Button } from '../design/button.tsx';
import { EmptyState, Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { ConversationRow } from './conversation-row.tsx';
import { FirstSteps } from './first-steps.tsx';

/** Rows drawn at first and with each "more": nobody looks at the thousandth without searching. */
const ROWS_STEP = 60;

export function ConversationList() {
  const text = useText();
  const active = useConversationList();
  const archived = useArchivedList();
  const hasState = useHasState();
  const [isArchive, setArchive] = useState(false);
  if (!hasState) return <Skeleton rows={7} label={text('loading')} />;
  const list = isArchive ? archived : active;
  return (
    <div className="conversation-list">
      {isArchive && (
        <Button look="quiet" className="archive-switch" onClick={() => setArchive(false)}>
          <ChevronLeft size={18} className="icon-turns" />
          {text('archive.leave')}
        </Button>
      )}
      {list.length === 0 ? <NoConversations isArchive={isArchive} /> : <Rows list={list} />}
      {!isArchive && archived.length > 0 && (
        <Button look="quiet" className="archive-switch" onClick={() => setArchive(true)}>
          <Archive size={18} />
          {text('archive.open', { count: archived.length })}
        </Button>
      )}
    </div>
  );
}

function Rows({ list }: { list: ReturnType<typeof useConversationList> }) {
  const text = useText();
  const chat = useChat();
  const route = useRoute();
  const now = useNow(60_000);
  const [shown, setShown] = useState(ROWS_STEP);
  const rows = useMemo(() => list.slice(0, shown), [list, shown]);
  const peers = useMemo(
    () => rows.flatMap(({ resource }) => (resource.peer === null ? [] : [resource.peer.user_id])),
    [rows],
  );
  useWatchedPresence('list', peers);
  useKnownPeople(useMemo(() => rows.flatMap(({ resource }) => resource.last_message?.sender_id ?? []), [rows]));
  const chosen = route.name === 'conversation' ? route.id : undefined;
  return (
    <ul
      className="conversation-rows"
      onKeyDown={(event) => {
        moveFocus(event);
        if (event.target instanceof HTMLAnchorElement) pressLetter(event, chat);
      }}
    >
      {rows.map((held) => (
        <ConversationRow
          key={held.resource.conversation_id}
          held={held}
          now={now}
          isChosen={held.resource.conversation_id === chosen}
        />
      ))}
      {list.length > shown && (
        <li>
          <Button look="quiet" className="archive-switch" onClick={() => setShown(shown + ROWS_STEP)}>
            {text('more')}
          </Button>
        </li>
      )}
    </ul>
  );
}

/** Arrow keys go from row to row, so that Tab has one stop a row and the list is left quickly. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a.conversation-link')];
  const here = links.findIndex((link) => link.closest('li')?.contains(document.activeElement) === true);
  const next = links[here + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function NoConversations({ isArchive }: { isArchive: boolean }) {
  const text = useText();
  if (isArchive) return <EmptyState title={text('archive.empty')} />;
  return (
    <EmptyState title={text('list.empty')}>
      <p>{text('list.emptyHint')}</p>
      <div className="only-narrow">
        <FirstSteps />
      </div>
    </EmptyState>
  );
}
