import { type Conversation, type Member, ROUTES, type User } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { PeoplePicker } from './people-picker.tsx';

export interface AddMembersDialogProps {
  readonly conversation: Conversation;
  readonly present: readonly Member[];
  onClose(): void;
}

export function AddMembersDialog({ conversation, present, onClose }: AddMembersDialogProps) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [people, setPeople] = useState<readonly User[]>([]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const params = { conversation_id: conversation.conversation_id };
    const body = { user_ids: people.map((user) => user.user_id) };
    if (await task.run(() => chat.api.call(ROUTES.addMembers, { params, body }))) onClose();
  };
  return (
    <Dialog title={text('members.add')} onClose={onClose}>
      <form className="dialog-form" onSubmit={(event) => void submit(event)}>
        <PeoplePicker chosen={people} without={new Set(present.map(({ user }) => user.user_id))} onChange={setPeople} />
        {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
        <DialogActions>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button look="primary" type="submit" isBusy={task.isBusy} disabled={people.length === 0}>
            {text('members.add')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
