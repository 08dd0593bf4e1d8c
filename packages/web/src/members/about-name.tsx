import { type Conversation, LIMITS, ROUTES } from '@parley/protocol';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { titleOf } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

/** Name and description; owner and admins change them in place (CONV-2). */
export function AboutName({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <NameForm conversation={conversation} onClose={() => setEditing(false)} />;
  return (
    <>
      <h3 className="about-title">
        <bdi>{titleOf(conversation, text)}</bdi>
        {conversation.my.role !== 'member' && (
          <IconButton label={text('about.rename')} icon={<Pencil size={16} />} onClick={() => setEditing(true)} />
        )}
      </h3>
      {conversation.kind === 'channel' && <p className="about-note">{text(`visibility.${conversation.visibility}`)}</p>}
      {conversation.description !== null && <p dir="auto">{conversation.description}</p>}
    </>
  );
}

function NameForm({ conversation, onClose }: { conversation: Conversation; onClose(): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [name, setName] = useState(conversation.name ?? '');
  const [description, setDescription] = useState(conversation.description ?? '');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const params = { conversation_id: conversation.conversation_id };
    const body = { name: name.trim(), description: description.trim() || null };
    if (await task.run(() => chat.api.call(ROUTES.updateConversation, { params, body }))) onClose();
  };
  return (
    <form className="dialog-form about-form" onSubmit={(event) => void submit(event)}>
      <Field
        label={text('new.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={LIMITS.nameLengthMax}
        required
      />
      <Field
        label={text('about.description')}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        maxLength={LIMITS.descriptionLengthMax}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <div className="dialog-actions">
        <Button onClick={onClose}>{text('cancel')}</Button>
        <Button look="primary" type="submit" isBusy={task.isBusy}>
          {text('save')}
        </Button>
      </div>
    </form>
  );
}
