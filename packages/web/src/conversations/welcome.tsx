import { useState } from 'react';
import { focusSearch } from '../app/shortcuts.ts';
import { useConversationList, useMe } from '../app/state-hooks.ts';
import { Button } from '../design/button.tsx';
import { Mark } from '../design/mark.tsx';
import { EmptyState } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { InviteDialog } from './invite-dialog.tsx';

/** Beside the list while nothing is chosen: the next thing to do. */
export function Welcome() {
  const text = useText();
  const me = useMe();
  const isFirst = useConversationList().length === 0;
  const [isInviting, setInviting] = useState(false);
  return (
    <main className="welcome">
      <EmptyState
        isScreen
        title={isFirst ? text('welcome.first', { name: me?.name ?? '' }) : text('welcome.choose')}
        art={<Mark size={64} />}
      >
        <p>{text(isFirst ? 'welcome.firstHint' : 'welcome.chooseHint')}</p>
        <div className="dialog-actions">
          {isFirst && (
            <Button look="primary" onClick={() => setInviting(true)}>
              {text('new.invite')}
            </Button>
          )}
          <Button onClick={focusSearch}>{text('new.message')}</Button>
        </div>
      </EmptyState>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </main>
  );
}
