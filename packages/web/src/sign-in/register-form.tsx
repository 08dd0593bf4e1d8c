import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { askPlace, usePlace } from '../app/place.ts';
import { go, useRoute } from '../app/route.ts';
import { type InsteadOf, useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { AccountFields, NO_ACCOUNT, usernameOf } from './account-fields.tsx';
import { deviceName } from './device-name.ts';

const INVITED: InsteadOf = { FORBIDDEN: 'problem.invitationSpent' };

/** Joining: freely, or with the invitation that stands in the address. */
export function RegisterForm() {
  const text = useText();
  const chat = useChat();
  const task = useTask(INVITED);
  const route = useRoute();
  const { registration } = usePlace();
  const [account, setAccount] = useState(NO_ACCOUNT);
  const invitation = route.name === 'join' ? route.invitation : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const register = async () => {
      const { name, password } = account;
      await chat.register({
        name: name.trim(),
        username: usernameOf(account),
        password,
        device_name: deviceName(),
        ...(invitation === null ? {} : { invitation }),
      });
      go({ name: 'home' }, { replace: true });
      chat.connect();
    };
    void task.run(register).then((isDone) => {
      // Meanwhile others may have decided otherwise who may join: then the form says that instead.
      if (!isDone) askPlace(chat).catch(() => undefined);
    });
  };
  if (registration === 'closed')
    return <p className="sign-in-note">{text(invitation === null ? 'signIn.closed' : 'signIn.closedInvited')}</p>;
  if (registration === 'invitation' && invitation === null)
    return <p className="sign-in-note">{text('signIn.needsInvitation')}</p>;
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <AccountFields account={account} onChange={setAccount} />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <Button look="primary" type="submit" isBusy={task.isBusy}>
        {text('signIn.register')}
      </Button>
    </form>
  );
}
