import { LIMITS, ROUTES } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { ONLY_PASSWORD, useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { sayFarewell } from '../sign-in/farewell.ts';

export function DeleteAccountButton() {
  const text = useText();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text('account.delete')}
      </Button>
      {isAsking && <DeleteAccountDialog onClose={() => setAsking(false)} />}
    </>
  );
}

function DeleteAccountDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask(ONLY_PASSWORD);
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void task.run(async () => {
      await chat.api.call(ROUTES.deleteMe, { body: { password } });
      sayFarewell();
      await chat.logout();
    });
  };
  return (
    <Dialog isQuestion title={text('account.deleteTitle')} description={text('account.deleteHint')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <Field
          label={text('signIn.password')}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          minLength={LIMITS.passwordLengthMin}
          required
        />
        {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
        <DialogActions>
          <Button onClick={onClose}>{text('cancel')}</Button>
          <Button look="danger" type="submit" isBusy={task.isBusy}>
            {text('account.delete')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
