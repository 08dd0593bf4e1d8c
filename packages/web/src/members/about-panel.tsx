import type { Conversation } from '@parley/protocol';
import { X } from 'lucide-react';
import { go } from '../app/route.ts';
import { titleOf } from '../app/state-hooks.ts';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { Presence } from '../timeline/conversation-header.tsx';
import { AboutName } from './about-name.tsx';
import { ConversationPreferences } from './conversation-preferences.tsx';
import { LeaveButton } from './leave-button.tsx';
import './members.css';
import { MemberList } from './member-list.tsx';

/** Who is here, what this is called, how it may disturb. */
export function AboutPanel({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { peer, kind, conversation_id: id } = conversation;
  const title = titleOf(conversation, text);
  return (
    <aside className="about" aria-label={text('about')}>
      <header className="about-header">
        <h2>{text('about')}</h2>
        <IconButton
          label={text('about.close')}
          icon={<X size={20} />}
          onClick={() => go({ name: 'conversation', id })}
        />
      </header>
      <div className="about-body">
        <div className="about-who">
          <Avatar
            id={peer?.user_id ?? id}
            name={title}
            url={peer?.avatar_url ?? conversation.avatar_url}
            shape={kind === 'direct' ? 'person' : kind}
            size="large"
          />
          {peer === null ? (
            <AboutName key={`${conversation.name}${conversation.description}`} conversation={conversation} />
          ) : (
            <>
              <h3 className="about-title">
                <bdi>{title}</bdi>
              </h3>
              {peer.username !== null && (
                <p className="about-note">
                  <bdi>@{peer.username}</bdi>
                </p>
              )}
              <Presence userId={peer.user_id} />
              {peer.status !== null && <p dir="auto">{peer.status}</p>}
            </>
          )}
        </div>
        <ConversationPreferences conversation={conversation} />
        {kind !== 'direct' && <MemberList conversation={conversation} />}
        {kind !== 'direct' && <LeaveButton conversation={conversation} />}
      </div>
    </aside>
  );
}
