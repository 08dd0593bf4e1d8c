import { Hash, Link2, Plus, Search, Settings, ShieldCheck, UserRound, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { usePlace } from '../app/place.ts';
import { go } from '../app/route.ts';
import { focusSearch } from '../app/shortcuts.ts';
import { useMe } from '../app/state-hooks.ts';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/button.tsx';
import { Mark } from '../design/mark.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { useText } from '../i18n/use-text.ts';
import { InviteDialog } from '../invitations/invite-dialog.tsx';
import { NewConversationDialog } from './new-conversation-dialog.tsx';

type OpenDialog = 'group' | 'channel' | 'invite' | null;

export function SidebarHeader() {
  const text = useText();
  const place = usePlace();
  const [open, setOpen] = useState<OpenDialog>(null);
  const close = () => setOpen(null);
  const items: MenuItem[] = [
    { label: text('new.message'), icon: <Search />, shortcut: 'Ctrl K', onSelect: focusSearch },
    { label: text('new.group'), icon: <UsersRound />, onSelect: () => setOpen('group') },
    { label: text('new.channel'), icon: <Hash />, onSelect: () => setOpen('channel') },
    { label: text('new.invite'), icon: <Link2 />, onSelect: () => setOpen('invite') },
  ];
  return (
    <header className="sidebar-header">
      <Mark size={30} />
      <span className="sidebar-place">
        <bdi>{place.name}</bdi>
      </span>
      <Menu trigger={<IconButton label={text('new')} icon={<Plus size={22} />} />} items={items} />
      <OwnMenu />
      {(open === 'group' || open === 'channel') && <NewConversationDialog kind={open} onClose={close} />}
      {open === 'invite' && <InviteDialog onClose={close} />}
    </header>
  );
}

function OwnMenu() {
  const text = useText();
  const me = useMe();
  if (me === null) return null;
  const items: MenuItem[] = [
    {
      label: text('settings.profile'),
      icon: <UserRound />,
      onSelect: () => go({ name: 'settings', section: 'profile' }),
    },
    { label: text('settings'), icon: <Settings />, onSelect: () => go({ name: 'settings', section: null }) },
  ];
  if (me.is_admin) items.push({ label: text('admin'), icon: <ShieldCheck />, onSelect: () => go({ name: 'admin' }) });
  const face = <Avatar id={me.user_id} name={me.name} url={me.avatar_url} size="small" />;
  return <Menu trigger={<IconButton label={text('ownMenu', { name: me.name })} icon={face} />} items={items} />;
}
