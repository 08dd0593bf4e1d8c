import { Hash, Link2, PenLine, UsersRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { focusSearch } from '../app/shortcuts.ts';
import { useText } from '../i18n/use-text.ts';
import { InviteDialog } from '../invitations/invite-dialog.tsx';
import { NewConversationDialog } from './new-conversation-dialog.tsx';

type OpenDialog = 'invite' | 'group' | 'channel' | null;

/** Four ways to begin, for who has nothing open. */
export function FirstSteps() {
  const text = useText();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = () => setDialog(null);
  return (
    <>
      <div className="welcome-actions">
        <Action icon={<PenLine />} title={text('new.message')} hint={text('welcome.message')} onPress={focusSearch} />
        <Action
          icon={<UsersRound />}
          title={text('new.group')}
          hint={text('welcome.group')}
          onPress={() => setDialog('group')}
        />
        <Action
          icon={<Hash />}
          title={text('new.channel')}
          hint={text('welcome.channel')}
          onPress={() => setDialog('channel')}
        />
        <Action
          icon={<Link2 />}
          title={text('new.invite')}
          hint={text('welcome.invite')}
          onPress={() => setDialog('invite')}
        />
      </div>
      {dialog === 'invite' && <InviteDialog onClose={close} />}
      {(dialog === 'group' || dialog === 'channel') && <NewConversationDialog kind={dialog} onClose={close} />}
    </>
  );
}

interface ActionProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  onPress(): void;
}

function Action({ icon, title, hint, onPress }: ActionProps) {
  return (
    <button type="button" className="welcome-action" onClick={onPress}>
      {icon}
      <span>
        {title}
        <small>{hint}</small>
      </span>
    </button>
  );
}
