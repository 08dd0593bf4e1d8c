import { type HeldConversation, unreadOf } from '@parley/client';
import { BellOff, Pin } from 'lucide-react';
import { memo } from 'react';
import { Link } from '../app/link.tsx';
import { titleOf, usePresence } from '../app/state-hooks.ts';
import { Avatar } from '../design/avatar.tsx';
import { Badge } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import { ConversationMenu } from './conversation-menu.tsx';
import { Preview } from './preview.tsx';

export interface ConversationRowProps {
  readonly held: HeldConversation;
  readonly now: number;
  readonly isChosen: boolean;
}

export const ConversationRow = memo(function ConversationRow({ held, now, isChosen }: ConversationRowProps) {
  const text = useText();
  const time = useTime();
  const { resource } = held;
  const { settings } = resource.my;
  const presence = usePresence(resource.peer?.user_id ?? '');
  const unread = unreadOf(held);
  const isMuted = (settings.muted_until ?? 0) > now;
  const isOnline = presence?.status === 'online';
  const title = titleOf(resource, text);
  return (
    <li className="conversation-row" data-chosen={isChosen} data-unread={unread > 0}>
      <Link
        to={{ name: 'conversation', id: resource.conversation_id }}
        className="conversation-link"
        aria-current={isChosen ? 'page' : undefined}
      >
        <Avatar
          id={resource.peer?.user_id ?? resource.conversation_id}
          name={title}
          url={resource.peer?.avatar_url ?? resource.avatar_url}
          shape={resource.kind === 'direct' ? 'person' : resource.kind}
          isOnline={isOnline}
        />
        <span className="conversation-words">
          <span className="conversation-top">
            <bdi className="conversation-title">{title}</bdi>
            {isOnline && <span className="hidden-visually">{text('presence.online')}</span>}
            {isMuted && <BellOff size={14} role="img" aria-label={text('muted')} />}
            <time className="conversation-time" dateTime={new Date(resource.last_activity_at).toISOString()}>
              {time.brief(resource.last_activity_at, now)}
            </time>
          </span>
          <span className="conversation-bottom">
            <Preview held={held} />
            {settings.pinned && <Pin size={14} role="img" aria-label={text('pinned')} />}
            {unread > 0 && <Badge count={unread} label={text('unread', { count: unread })} isQuiet={isMuted} />}
          </span>
        </span>
      </Link>
      <ConversationMenu conversation={resource} title={title} />
    </li>
  );
});
