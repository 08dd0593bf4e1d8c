import type { ConversationId } from '@parley/protocol';
import { useState } from 'react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { titleOf, useConversationList } from '../app/state-hooks.ts';
import { Avatar } from '../design/avatar.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import type { MessageDialogProps } from './message-dialogs.tsx';
import { mayWrite } from './message-rights.ts';

const SHOWN_MAX = 50;

/** One press forwards and goes there. */
export function ForwardDialog({ message, onClose }: MessageDialogProps) {
  const text = useText();
  const chat = useChat();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase();
  const targets = useConversationList()
    .map(({ resource }) => resource)
    .filter((resource) => mayWrite(resource) && titleOf(resource, text).toLocaleLowerCase().includes(wanted))
    .slice(0, SHOWN_MAX);
  const forwardTo = (id: ConversationId) => {
    void chat.forward(id, { conversationId: message.conversation_id, seq: message.seq });
    onClose();
    go({ name: 'conversation', id });
  };
  return (
    <Dialog title={text('action.forward')} onClose={onClose}>
      <Field
        label={text('forward.to')}
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        autoFocus
      />
      <ul className="pick-list">
        {targets.map((resource) => (
          <li key={resource.conversation_id}>
            <button type="button" className="pick-row" onClick={() => forwardTo(resource.conversation_id)}>
              <Avatar
                id={resource.peer?.user_id ?? resource.conversation_id}
                name={titleOf(resource, text)}
                shape={resource.kind === 'direct' ? 'person' : resource.kind}
                size="small"
              />
              <bdi>{titleOf(resource, text)}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
