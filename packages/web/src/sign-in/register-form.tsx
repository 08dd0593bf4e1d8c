import { LIMITS } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { deviceName } from './device-name.ts';
import { suggestUsername } from './suggest-username.ts';

/** The first account of a server is its administrator (AUTH-1): the same form makes the owner and everybody after. */
export function RegisterForm({ isOpen }: { readonly isOpen: boolean }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [name, setName] = useState('');
  const [chosenUsername, setUsername] = useState<string>();
  const [password, setPassword] = useState('');
  const username = chosenUsername ?? suggestUsername(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void task.run(async () => {
      await chat.register({ name: name.trim(), username, password, device_name: deviceName() });
      history.replaceState(null, '', '/');
      chat.connect();
    });
  };
  if (!isOpen) return <FormProblem>{text('signIn.closed')}</FormProblem>;
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <Field
        label={text('signIn.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="name"
        required
        maxLength={LIMITS.nameLengthMax}
      />
      <Field
        label={text('signIn.username')}
        hint={text('signIn.usernameHint')}
        value={username}
        onChange={(event) => setUsername(event.target.value.toLowerCase())}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        minLength={LIMITS.usernameLengthMin}
        maxLength={LIMITS.usernameLengthMax}
        pattern="[a-z][a-z0-9._\-]*"
        title={text('signIn.usernameHint')}
      />
      <Field
        label={text('signIn.password')}
        hint={text('signIn.passwordHint')}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        required
        minLength={LIMITS.passwordLengthMin}
        maxLength={LIMITS.passwordLengthMax}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <Button look="primary" type="submit" isBusy={task.isBusy}>
        {text('signIn.register')}
      </Button>
    </form>
  );
}
