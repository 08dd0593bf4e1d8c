import { type Conversation, type MySettings, ROUTES } from '@parley/protocol';
import { Archive, ArchiveRestore, Bell, BellOff, CheckCheck, Info, MoreVertical, Pin, PinOff } from 'lucide-react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { useTask } from '../app/use-task.ts';
import { IconButton } from '../design/button.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { useText } from '../i18n/use-text.ts';

/** Unix ms far enough away to mean "until I say otherwise" (year 2100). */
export const FOR_EVER = 4_102_444_800_000;

/** What can be done to a conversation without opening it. */
export function ConversationMenu({ conversation, title }: { conversation: Conversation; title: string }) {
  const text = useText();
  const chat = useChat();
  const change = useSettingsChange(conversation);
  const { archived, pinned, muted_until } = conversation.my.settings;
  const isMuted = muted_until !== null && muted_until > Date.now();
  const id = conversation.conversation_id;
  const items: MenuItem[] = [
    pinned
      ? { label: text('unpin'), icon: <PinOff />, onSelect: () => change({ pinned: false }) }
      : { label: text('pin'), icon: <Pin />, onSelect: () => change({ pinned: true }) },
    isMuted
      ? { label: text('unmute'), icon: <Bell />, onSelect: () => change({ muted_until: null }) }
      : { label: text('mute'), icon: <BellOff />, onSelect: () => change({ muted_until: FOR_EVER }) },
    archived
      ? { label: text('unarchive'), icon: <ArchiveRestore />, onSelect: () => change({ archived: false }) }
      : { label: text('archive'), icon: <Archive />, onSelect: () => change({ archived: true }) },
  ];
  if (conversation.unread_count > 0)
    items.push({ label: text('markRead'), icon: <CheckCheck />, onSelect: () => chat.markRead(id) });
  items.push({
    label: text('about'),
    icon: <Info />,
    onSelect: () => go({ name: 'conversation', id, isAbout: true }),
  });
  return (
    <Menu
      trigger={
        <IconButton
          className="conversation-more"
          label={text('conversation.menu', { name: title })}
          icon={<MoreVertical size={18} />}
        />
      }
      items={items}
    />
  );
}

/** Changes the own settings of a conversation; the user log brings the change back to all devices. */
export function useSettingsChange(conversation: Conversation): (change: Partial<MySettings>) => void {
  const chat = useChat();
  const task = useTask();
  return (body) =>
    void task.run(() =>
      chat.api.call(ROUTES.updateSettings, { params: { conversation_id: conversation.conversation_id }, body }),
    );
}
