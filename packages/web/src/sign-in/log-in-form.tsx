import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { deviceName } from './device-name.ts';

export function LogInForm() {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [identifier, setIdentifier] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void task.run(async () => {
      await chat.login({ identifier: identifier.trim(), password, device_name: deviceName() });
      chat.connect();
    });
  };
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <Field
        label={text('signIn.identifier')}
        value={identifier}
        onChange={(event) => setIdentifier(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Field
        label={text('signIn.password')}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        required
        minLength={8}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <Button look="primary" type="submit" isBusy={task.isBusy}>
        {text('signIn.logIn')}
      </Button>
    </form>
  );
}
