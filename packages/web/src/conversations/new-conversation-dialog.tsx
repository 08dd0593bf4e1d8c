import { type Conversation, LIMITS, ROUTES, type User } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { go } from '../app/route.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Choice, Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { PeoplePicker } from '../members/people-picker.tsx';

export function NewConversationDialog({ kind, onClose }: { kind: 'group' | 'channel'; onClose(): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [name, setName] = useState('');
  const [visibility, setVisibility] = useState<'private' | 'public'>('public');
  const [people, setPeople] = useState<readonly User[]>([]);
  const create = async (): Promise<Conversation> => {
    const userIds = people.map((user) => user.user_id);
    if (kind === 'group') return chat.createGroup(name.trim(), userIds);
    const channel = await chat.createChannel(name.trim(), visibility);
    const params = { conversation_id: channel.conversation_id };
    if (userIds.length > 0) await chat.api.call(ROUTES.addMembers, { params, body: { user_ids: userIds } });
    return channel;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void task.run(async () => {
      const { conversation_id: id } = await create();
      onClose();
      go({ name: 'conversation', id });
    });
  };
  return (
    <Dialog
      title={text(kind === 'group' ? 'new.group' : 'new.channel')}
      description={text(kind === 'group' ? 'new.groupHint' : 'new.channelHint')}
      onClose={onClose}
    >
      <form className="dialog-form" onSubmit={submit}>
        <Field
          label={text('new.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={LIMITS.nameLengthMax}
          required
        />
        {kind === 'channel' && (
          <Choice<'private' | 'public'>
            isCompact
            label={text('visibility')}
            value={visibility}
            onChange={setVisibility}
            options={[
              { value: 'public', label: text('visibility.public') },
              { value: 'private', label: text('visibility.private') },
            ]}
          />
        )}
        <PeoplePicker chosen={people} onChange={setPeople} />
        {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
        <DialogActions>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button look="primary" type="submit" isBusy={task.isBusy} disabled={name.trim() === ''}>
            {text('create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
