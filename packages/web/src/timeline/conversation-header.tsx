import type { Conversation } from '@parley/protocol';
import { Info } from 'lucide-react';
import { useKnownPeople } from '../app/people.ts';
import { go } from '../app/route.ts';
import { BackButton } from '../app/screen.tsx';
import { titleOf, useNameOf, usePresence, useTypists } from '../app/state-hooks.ts';
import { useNow } from '../app/use-now.ts';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/button.tsx';
import { isolated, useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';

export function ConversationHeader({ conversation, isAbout }: { conversation: Conversation; isAbout: boolean }) {
  const text = useText();
  const title = titleOf(conversation, text);
  const { conversation_id: id, kind, peer } = conversation;
  const presence = usePresence(peer?.user_id ?? '');
  const toggle = () => go({ name: 'conversation', id, isAbout: !isAbout });
  return (
    <header className="conversation-header">
      <BackButton to={{ name: 'home' }} />
      <button type="button" className="conversation-who" onClick={toggle} aria-expanded={isAbout}>
        <Avatar
          id={peer?.user_id ?? id}
          name={title}
          url={peer?.avatar_url ?? conversation.avatar_url}
          shape={kind === 'direct' ? 'person' : kind}
          isOnline={presence?.status === 'online'}
        />
        <span className="conversation-names">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <Subtitle conversation={conversation} />
        </span>
      </button>
      <IconButton
        label={text(isAbout ? 'about.close' : 'about')}
        icon={<Info size={20} />}
        onClick={toggle}
        aria-expanded={isAbout}
        data-state={isAbout ? 'open' : 'closed'}
      />
    </header>
  );
}

/** Who types, else who is there. */
function Subtitle({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const typists = useTypists(conversation.conversation_id);
  const name = useNameOf(typists[0] ?? '');
  useKnownPeople(typists);
  const { kind, peer } = conversation;
  if (typists.length > 0)
    return (
      <span className="conversation-subtitle conversation-typing">
        {kind === 'direct' ? text('typing') : text('typing.who', { name: isolated(name), others: typists.length - 1 })}
      </span>
    );
  if (peer !== null)
    return <Presence userId={peer.user_id} otherwise={peer.username === null ? '' : isolated(`@${peer.username}`)} />;
  const members = text(kind === 'channel' ? 'subscribers' : 'members', { count: conversation.member_count });
  return <span className="conversation-subtitle">{members}</span>;
}

/** `otherwise`: what stands there while nothing is known, so that the name above it has one place. */
export function Presence({ userId, otherwise = '' }: { userId: string; otherwise?: string }) {
  const text = useText();
  const time = useTime();
  const now = useNow(30_000);
  const presence = usePresence(userId);
  const words =
    presence?.status === 'online'
      ? text('presence.online')
      : presence?.last_seen_at
        ? text('presence.lastSeen', { when: time.ago(presence.last_seen_at, now) })
        : otherwise;
  return <span className="conversation-subtitle">{words}</span>;
}
