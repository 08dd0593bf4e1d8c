import { LIMITS, ROUTES } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { usePlace } from '../app/place.ts';
import { goHome } from '../app/route.ts';
import { ONLY_PASSWORD, useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Field, FormProblem } from '../design/field.tsx';
import { Skeleton } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import { sayFarewell } from '../sign-in/farewell.ts';
import { SuccessorList } from './successor-list.tsx';
import { useSuccessors } from './use-successors.ts';

export function DeleteAccountButton() {
  const text = useText();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text('account.delete')}
      </Button>
      {isAsking && <DeleteAccount onClose={() => setAsking(false)} />}
    </>
  );
}

/** The only administrator hears what is in the way before anything is typed, and can do something about it there (PLACE-5). */
function DeleteAccount({ onClose }: { onClose(): void }) {
  const text = useText();
  const { name } = usePlace();
  const [successors, appointed] = useSuccessors();
  if (successors === 'unneeded') return <ConfirmDialog onClose={onClose} />;
  const isAlone = successors !== 'asking' && successors.length === 0;
  const isChoosing = successors !== 'asking' && !isAlone;
  return (
    <Dialog
      isQuestion
      title={isChoosing ? text('account.onlyAdminTitle', { place: name }) : text('account.deleteTitle')}
      {...(successors === 'asking'
        ? {}
        : { description: text(isAlone ? 'account.onlyAdminAlone' : 'account.onlyAdminHint') })}
      onClose={onClose}
    >
      {successors === 'asking' && <Skeleton rows={2} label={text('loading')} />}
      {isChoosing && <SuccessorList people={successors} onAppointed={appointed} />}
      <DialogActions>
        <Button onClick={onClose}>{text(isAlone ? 'close' : 'cancel')}</Button>
      </DialogActions>
    </Dialog>
  );
}

function ConfirmDialog({ onClose }: { onClose(): void }) {
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
      goHome();
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
