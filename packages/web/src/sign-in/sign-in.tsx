import { useState } from 'react';
import { usePlace } from '../app/place.ts';
import { useStatus } from '../app/state-hooks.ts';
import { Mark } from '../design/mark.tsx';
import { useText } from '../i18n/use-text.ts';
import { LogInForm } from './log-in-form.tsx';
import { RegisterForm } from './register-form.tsx';
import './sign-in.css';

export function SignIn() {
  const text = useText();
  const place = usePlace();
  const status = useStatus();
  const [isNew, setNew] = useState(() => location.pathname === '/join');
  const wasLoggedOut = status.kind === 'stopped';
  return (
    <main className="sign-in">
      <section className="sign-in-card">
        <header className="sign-in-header">
          <Mark size={56} />
          <h1>{place.name}</h1>
          <p>{text(isNew ? 'signIn.joinIntro' : 'signIn.intro')}</p>
        </header>
        {wasLoggedOut && (
          <p className="sign-in-note" role="status">
            {text(status.reason === 'ACCOUNT_DELETED' ? 'connection.accountDeleted' : 'signIn.loggedOut')}
          </p>
        )}
        {isNew ? <RegisterForm isOpen={place.isOpen} /> : <LogInForm />}
        <p className="sign-in-switch">
          {text(isNew ? 'signIn.haveAccount' : 'signIn.noAccount')}{' '}
          <button type="button" className="text-button" onClick={() => setNew(!isNew)}>
            {text(isNew ? 'signIn.logIn' : 'signIn.register')}
          </button>
        </p>
      </section>
    </main>
  );
}
