import { LIMITS, ROUTES } from '@parley/protocol';
import { Download, LogOut } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { goHome } from '../app/route.ts';
import { ONLY_PASSWORD, useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { DeleteAccountButton } from './delete-account-button.tsx';
import { saveExport } from './save-export.ts';

export function AccountSettings() {
  const text = useText();
  const chat = useChat();
  return (
    <div className="settings-form">
      <PasswordForm />
      <section className="settings-part">
        <h2>{text('account.export')}</h2>
        <p className="settings-note">{text('account.exportHint')}</p>
        <ExportButton />
      </section>
      <section className="settings-part">
        <h2>{text('account.logOut')}</h2>
        <p className="settings-note">{text('account.logOutHint')}</p>
        <Button onClick={() => void chat.logout().then(goHome)}>
          <LogOut size={18} className="icon-turns" />
          {text('account.logOut')}
        </Button>
      </section>
      <section className="settings-part">
        <h2>{text('account.delete')}</h2>
        <p className="settings-note">{text('account.deleteHint')}</p>
        <DeleteAccountButton />
      </section>
    </div>
  );
}

function PasswordForm() {
  const text = useText();
  const chat = useChat();
  const task = useTask(ONLY_PASSWORD);
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [isSaved, setSaved] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { current_password: current, new_password: wanted };
    const isDone = await task.run(() => chat.api.call(ROUTES.changePassword, { body }));
    setSaved(isDone);
    if (isDone) {
      setCurrent('');
      setWanted('');
    }
  };
  const length = { minLength: LIMITS.passwordLengthMin, maxLength: LIMITS.passwordLengthMax, required: true };
  return (
    <form className="settings-part" onSubmit={(event) => void submit(event)}>
      <h2>{text('account.password')}</h2>
      <p className="settings-note">{text('account.passwordHint')}</p>
      <Field
        label={text('account.currentPassword')}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        {...length}
      />
      <Field
        label={text('account.newPassword')}
        hint={text('signIn.passwordHint')}
        type="password"
        autoComplete="new-password"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        {...length}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <div className="settings-actions">
        <Button type="submit" isBusy={task.isBusy}>
          {text('account.changePassword')}
        </Button>
        <span role="status">{isSaved && text('saved')}</span>
      </div>
    </form>
  );
}

function ExportButton() {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  return (
    <>
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <Button isBusy={task.isBusy} onClick={() => void task.run(() => saveExport(chat))}>
        <Download size={18} />
        {text('account.download')}
      </Button>
    </>
  );
}
