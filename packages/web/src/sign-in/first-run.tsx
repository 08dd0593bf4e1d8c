import { LIMITS, ROUTES } from '@parley/protocol';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Chat, useChat } from '../app/chat.ts';
import { askPlace, type Place, useKnownPlace } from '../app/place.ts';
import { go } from '../app/route.ts';
import { useMe } from '../app/state-hooks.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Choice, Field, FormProblem } from '../design/field.tsx';
import { Mark } from '../design/mark.tsx';
import { useText } from '../i18n/use-text.ts';
import { InvitationLink } from '../invitations/invitation-link.tsx';
import '../invitations/invitations.css';
import { joinAddress } from '../invitations/invite-dialog.tsx';
import { AccountFields, type NewAccount, NO_ACCOUNT, usernameOf } from './account-fields.tsx';
import { deviceName } from './device-name.ts';
import { focusFirstField } from './focus-first-field.ts';
import './sign-in.css';

type Registration = Exclude<Place['registration'], 'closed'>;
type Step = 'you' | 'place' | 'ready';
const STEPS: readonly Step[] = ['you', 'place', 'ready'];
/** The first invitation: enough for a family or a team; the administration page has the others. */
const FIRST_USES = 100;

/** The first visitor makes the owner's account, names the place and gets a link for everybody else (AUTH-1, PLACE-2, PLACE-3). */
export function FirstRun() {
  const chat = useChat();
  const me = useMe();
  const known = useKnownPlace();
  const [step, setStep] = useState<Step>('you');
  const [account, setAccount] = useState(NO_ACCOUNT);
  const [code, setCode] = useState<string | null>(null);
  // Somebody else was first, or this is an old address of somebody who is here already.
  const isLate = step === 'you' && (me !== null || known?.hasOwner === true);
  useEffect(() => {
    if (isLate) go({ name: 'home' }, { replace: true });
  }, [isLate]);
  const open = async (name: string, registration: Registration) => {
    // A second try after a failure finds the account made.
    if ((await chat.deviceId()) === undefined) await makeAccount(chat, account);
    setCode(await openPlace(chat, name, registration));
    setStep('ready');
  };
  return (
    <main className="sign-in">
      <section className="sign-in-card" key={step}>
        <Progress step={step} />
        {step === 'you' && <You account={account} onChange={setAccount} onDone={() => setStep('place')} />}
        {step === 'place' && <NamePlace onBack={() => setStep('you')} onDone={open} />}
        {step === 'ready' && <Ready name={known?.name ?? ''} code={code} />}
      </section>
    </main>
  );
}

async function makeAccount(chat: Chat, account: NewAccount): Promise<void> {
  const { name, password } = account;
  await chat.register({ name: name.trim(), username: usernameOf(account), password, device_name: deviceName() });
  chat.connect();
}

/** Resolves to the code of the first invitation; null where none is needed. */
async function openPlace(chat: Chat, name: string, registration: Registration): Promise<string | null> {
  await chat.api.call(ROUTES.updateServer, { body: { name, registration } });
  await askPlace(chat);
  if (registration === 'open') return null;
  return (await chat.api.call(ROUTES.createInvitation, { body: { uses_max: FIRST_USES } })).code;
}

function Progress({ step }: { step: Step }) {
  const text = useText();
  const at = STEPS.indexOf(step) + 1;
  return (
    <p className="steps">
      <span className="hidden-visually">{text('firstRun.step', { at, of: STEPS.length })}</span>
      {STEPS.map((name, index) => (
        <span key={name} data-done={index < at} />
      ))}
    </p>
  );
}

/** When it appears the first field below it can be written in; where that would bring a keyboard up, and where there is none, a reader hears of the step. */
function Heading({ title, hint }: { title: string; hint: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const card = heading.current?.closest<HTMLElement>('.sign-in-card') ?? null;
    if (!focusFirstField(card)) heading.current?.focus();
  }, []);
  return (
    <header className="sign-in-header">
      <Mark size={56} />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{hint}</p>
    </header>
  );
}

interface YouProps {
  readonly account: NewAccount;
  onChange(account: NewAccount): void;
  onDone(): void;
}

function You({ account, onChange, onDone }: YouProps) {
  const text = useText();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDone();
  };
  return (
    <>
      <Heading title={text('firstRun.title')} hint={text('firstRun.hint')} />
      <form className="sign-in-form" onSubmit={submit}>
        <AccountFields account={account} onChange={onChange} />
        <Button look="primary" type="submit">
          {text('firstRun.continue')}
        </Button>
      </form>
    </>
  );
}

interface NamePlaceProps {
  onBack(): void;
  onDone(name: string, registration: Registration): Promise<void>;
}

function NamePlace({ onBack, onDone }: NamePlaceProps) {
  const text = useText();
  const task = useTask();
  const [name, setName] = useState('');
  const [registration, setRegistration] = useState<Registration>('invitation');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void task.run(() => onDone(name.trim(), registration));
  };
  return (
    <>
      <Heading title={text('firstRun.place')} hint={text('firstRun.placeHint')} />
      <form className="sign-in-form" onSubmit={submit}>
        <Field
          label={text('place.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder={text('firstRun.placeExample')}
          maxLength={LIMITS.nameLengthMax}
          autoComplete="off"
          required
        />
        <RegistrationChoice value={registration} onChange={setRegistration} />
        {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
        <Button look="primary" type="submit" isBusy={task.isBusy}>
          {text('firstRun.open')}
        </Button>
        <Button look="quiet" onClick={onBack} disabled={task.isBusy}>
          {text('back')}
        </Button>
      </form>
    </>
  );
}

export interface RegistrationChoiceProps {
  readonly value: Registration;
  onChange(value: Registration): void;
}

export function RegistrationChoice({ value, onChange }: RegistrationChoiceProps): ReactNode {
  const text = useText();
  return (
    <Choice<Registration>
      label={text('place.registration')}
      value={value}
      onChange={onChange}
      options={[
        { value: 'invitation', label: text('place.invitation'), hint: text('place.invitationHint') },
        { value: 'open', label: text('place.open'), hint: text('place.openHint') },
      ]}
    />
  );
}

function Ready({ name, code }: { name: string; code: string | null }) {
  const text = useText();
  return (
    <>
      <Heading title={text('firstRun.ready', { name })} hint={text('firstRun.readyHint')} />
      <InvitationLink address={joinAddress(code)} />
      <Button look="quiet" onClick={() => go({ name: 'home' }, { replace: true })}>
        {text('firstRun.start')}
      </Button>
    </>
  );
}
