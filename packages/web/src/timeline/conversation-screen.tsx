import type { ConversationId } from '@parley/protocol';
import { useEffect, useMemo, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { Link } from '../app/link.tsx';
import { ScreenFrame } from '../app/screen.tsx';
import { useResource, useStatus } from '../app/state-hooks.ts';
import { useWatchedPresence } from '../app/watched-presence.ts';
import { Composer } from '../composer/composer.tsx';
import { EmptyState, Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { AboutPanel } from '../members/about-panel.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { Timeline } from './timeline.tsx';
import './conversation-screen.css';

export interface ConversationScreenProps {
  readonly id: ConversationId;
  /** A message to show. */
  readonly seq?: number;
  readonly isAbout: boolean;
}

export function ConversationScreen({ id, seq, isAbout }: ConversationScreenProps) {
  const conversation = useResource(id);
  const isFailing = useOpened(id);
  const [readUpTo] = useState(() => conversation?.my.read_up_to ?? null);
  const peer = conversation?.peer?.user_id;
  useWatchedPresence(
    'conversation',
    useMemo(() => (peer === undefined ? [] : [peer]), [peer]),
  );
  if (conversation === undefined) return <Absent />;
  return (
    <div className="conversation" data-about={isAbout}>
      <main className="conversation-main">
        <ConversationHeader conversation={conversation} isAbout={isAbout} />
        <Timeline
          id={id}
          unreadAfter={readUpTo ?? conversation.my.read_up_to}
          isFailing={isFailing}
          {...(seq === undefined ? {} : { seq })}
        />
        <Composer conversation={conversation} />
      </main>
      {isAbout && <AboutPanel conversation={conversation} />}
    </div>
  );
}

/** Keeps the conversation up to date while it is on the screen. True when its history could not be had. */
function useOpened(id: ConversationId): boolean {
  const chat = useChat();
  const isLive = useStatus().kind === 'live';
  const [isFailing, setFailing] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection is another chance
  useEffect(() => {
    let isHere = true;
    chat
      .openConversation(id)
      .then(() => isHere && setFailing(false))
      .catch(() => isHere && setFailing(true));
    return () => {
      isHere = false;
      chat.closeConversation(id);
    };
  }, [chat, id, isLive]);
  return isFailing;
}

/** An address of a conversation that this device does not (yet, or any more) know. */
function Absent() {
  const text = useText();
  const status = useStatus();
  const isComing = status.kind === 'connecting' || status.kind === 'authenticating' || status.kind === 'syncing';
  return (
    <ScreenFrame title={null}>
      {isComing ? (
        <Skeleton rows={4} label={text('loading')} />
      ) : (
        <EmptyState isScreen title={text('conversation.absent')}>
          <p>{text('conversation.absentHint')}</p>
          <Link to={{ name: 'home' }}>{text('archive.leave')}</Link>
        </EmptyState>
      )}
    </ScreenFrame>
  );
}
