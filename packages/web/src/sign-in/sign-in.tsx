import { useEffect, useRef, useState } from 'react';
import { useKnownPlace } from '../app/place.ts';
import { go, useRoute } from '../app/route.ts';
import { Starting } from '../app/starting.tsx';
import { useStatus } from '../app/state-hooks.ts';
import { Mark } from '../design/mark.tsx';
import { useText } from '../i18n/use-text.ts';
import { takeFarewell } from './farewell.ts';
import { focusFirstField } from './focus-first-field.ts';
import { LogInForm } from './log-in-form.tsx';
import { RegisterForm } from './register-form.tsx';
import './sign-in.css';

export function SignIn() {
  const text = useText();
  const place = useKnownPlace();
  const route = useRoute();
  const status = useStatus();
  const [isNew, setNew] = useState(route.name === 'join');
  const [isFarewell] = useState(takeFarewell);
  const isFirstRun = place?.hasOwner === false;
  const card = useRef<HTMLElement>(null);
  const isShown = place !== null && !isFirstRun;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each form is another one
  useEffect(() => void (isShown && focusFirstField(card.current)), [isShown, isNew]);
  useEffect(() => {
    if (isFirstRun) go({ name: 'welcome' }, { replace: true });
  }, [isFirstRun]);
  // Whether to log in or to set the place up is known in a moment: nothing is shown that would be taken away again.
  if (place === null || isFirstRun) return <Starting />;
  const isDeleted = isFarewell || (status.kind === 'stopped' && status.reason === 'ACCOUNT_DELETED');
  const wasLoggedOut = isDeleted || status.kind === 'stopped';
  const isClosed = place.registration === 'closed';
  const isInvited = route.name === 'join' && route.invitation !== null;
  return (
    <main className="sign-in">
      <section className="sign-in-card" ref={card}>
        <header className="sign-in-header">
          <Mark size={56} />
          <h1>
            <bdi>{place.name}</bdi>
          </h1>
          {!isNew && <p>{text('signIn.intro')}</p>}
          {isNew && !isClosed && (isInvited || place.registration === 'open') && (
            <p>{text(isInvited ? 'signIn.invitedIntro' : 'signIn.joinIntro')}</p>
          )}
        </header>
        {wasLoggedOut && (
          <p className="sign-in-note" role="status">
            {text(isDeleted ? 'connection.accountDeleted' : 'signIn.loggedOut')}
          </p>
        )}
        {isNew ? <RegisterForm /> : <LogInForm />}
        {(isNew || !isClosed) && (
          <p className="sign-in-switch">
            {text(isNew ? 'signIn.haveAccount' : 'signIn.noAccount')}{' '}
            <button type="button" className="text-button" onClick={() => setNew(!isNew)}>
              {text(isNew ? 'signIn.logIn' : 'signIn.register')}
            </button>
          </p>
        )}
      </section>
    </main>
  );
}
