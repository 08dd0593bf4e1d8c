import { type Conversation, type Member, ROUTES } from '@parley/protocol';
import { MessageCircle, MoreVertical, ShieldCheck, ShieldOff, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { shownName } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { isolated, useText } from '../i18n/use-text.ts';
import { choosableRoles, mayRemove } from './member-rights.ts';

export interface MemberRowProps {
  readonly member: Member;
  readonly conversation: Conversation;
  readonly isMe: boolean;
  onChanged(): void;
}

export function MemberRow({ member, conversation, isMe, onChanged }: MemberRowProps) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [isRemoving, setRemoving] = useState(false);
  const name = shownName(member.user, text);
  const params = { conversation_id: conversation.conversation_id, user_id: member.user.user_id };
  const items: MenuItem[] = [];
  if (!isMe)
    items.push({
      label: text('members.write'),
      icon: <MessageCircle />,
      onSelect: () =>
        void task.run(async () =>
          go({ name: 'conversation', id: (await chat.createDirect(member.user.user_id)).conversation_id }),
        ),
    });
  for (const role of choosableRoles(conversation.my.role, member.role))
    items.push({
      label: text('members.make', { role }),
      icon: role === 'member' ? <ShieldOff /> : <ShieldCheck />,
      onSelect: () => void task.run(() => chat.api.call(ROUTES.changeRole, { params, body: { role } })).then(onChanged),
    });
  if (!isMe && mayRemove(conversation.my.role, member.role))
    items.push({
      label: text('members.remove'),
      icon: <UserMinus />,
      isDangerous: true,
      onSelect: () => setRemoving(true),
    });
  const remove = () => {
    setRemoving(false);
    void task.run(() => chat.api.call(ROUTES.removeMember, { params })).then(onChanged);
  };
  return (
    <li className="member-row">
      <Avatar id={member.user.user_id} name={name} url={member.user.avatar_url} size="small" />
      <span className="member-words">
        {isMe ? <span>{text('youNamed', { name: isolated(name) })}</span> : <bdi>{name}</bdi>}
        {member.role !== 'member' && <small>{text('role', { role: member.role })}</small>}
        {task.problem !== null && (
          <small className="member-problem" role="alert">
            {task.problem}
          </small>
        )}
      </span>
      {items.length > 0 && (
        <Menu
          trigger={<IconButton label={text('members.menu', { name })} icon={<MoreVertical size={18} />} />}
          items={items}
        />
      )}
      {isRemoving && (
        <Dialog
          isQuestion
          title={text('members.removeTitle', { name })}
          description={text('members.removeHint')}
          onClose={() => setRemoving(false)}
        >
          <DialogActions>
            <Button onClick={() => setRemoving(false)}>{text('cancel')}</Button>
            <Button look="danger" onClick={remove}>
              {text('members.remove')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </li>
  );
}
