import { LIMITS, type Me, ROUTES } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useMe } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

export function ProfileSettings() {
  const me = useMe();
  return me === null ? null : <ProfileForm key={me.user_id} me={me} />;
}

function ProfileForm({ me }: { me: Me }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [name, setName] = useState(me.name);
  const [username, setUsername] = useState(me.username ?? '');
  const [status, setStatus] = useState(me.status ?? '');
  const [isSaved, setSaved] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name: name.trim(),
      status: status.trim() || null,
      ...(username === (me.username ?? '') ? {} : { username }),
    };
    setSaved(await task.run(() => chat.api.call(ROUTES.updateMe, { body })));
  };
  return (
    <form className="settings-form" onSubmit={(event) => void submit(event)} onChange={() => setSaved(false)}>
      <Avatar id={me.user_id} name={name} url={me.avatar_url} size="large" />
      <Field
        label={text('profile.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={LIMITS.nameLengthMax}
        required
      />
      <Field
        label={text('signIn.username')}
        hint={text('signIn.usernameHint')}
        value={username}
        onChange={(event) => setUsername(event.target.value.toLowerCase())}
        autoCapitalize="none"
        spellCheck={false}
        minLength={LIMITS.usernameLengthMin}
        maxLength={LIMITS.usernameLengthMax}
        pattern="[a-z][a-z0-9._\-]*"
      />
      <Field
        label={text('profile.status')}
        hint={text('profile.statusHint')}
        value={status}
        onChange={(event) => setStatus(event.target.value)}
        maxLength={LIMITS.statusLengthMax}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <div className="settings-actions">
        <Button look="primary" type="submit" isBusy={task.isBusy}>
          {text('save')}
        </Button>
        <span role="status">{isSaved && text('saved')}</span>
      </div>
    </form>
  );
}
