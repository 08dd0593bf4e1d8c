import { LIMITS, ROUTES } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { askPlace, type Place, useKnownPlace } from '../app/place.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { Choice, Field, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

/** What the place is called and who may join (PLACE-2). */
export function PlaceForm() {
  const place = useKnownPlace();
  return place === null ? null : <Form key={`${place.registration} ${place.name}`} place={place} />;
}

function Form({ place }: { place: Place }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [name, setName] = useState(place.name);
  const [registration, setRegistration] = useState(place.registration);
  const isSame = name.trim() === place.name && registration === place.registration;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name: name.trim(), ...(registration === 'closed' ? {} : { registration }) };
    void task.run(async () => {
      await chat.api.call(ROUTES.updateServer, { body });
      await askPlace(chat);
    });
  };
  return (
    <form className="admin-part" onSubmit={submit}>
      <h2>{text('place')}</h2>
      <Field
        label={text('place.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={LIMITS.nameLengthMax}
        required
      />
      {place.registration === 'closed' ? (
        <p className="settings-note">{text('place.closed')}</p>
      ) : (
        <Choice<Place['registration']>
          isCompact
          label={text('place.registration')}
          value={registration}
          onChange={setRegistration}
          options={[
            { value: 'invitation', label: text('place.invitation') },
            { value: 'open', label: text('place.open') },
          ]}
        />
      )}
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <div className="settings-actions">
        <Button type="submit" isBusy={task.isBusy} disabled={isSame || name.trim() === ''}>
          {text('save')}
        </Button>
      </div>
    </form>
  );
}
