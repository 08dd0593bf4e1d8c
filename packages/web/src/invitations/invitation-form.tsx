import { ROUTES } from '@parley/protocol';
import { type FormEvent, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { DialogActions } from '../design/dialog.tsx';
import { Choice, FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';

const DAY_MS = 86_400_000;
/** As the choices write them; 0 days: no end. */
const USES = ['1', '10', '100'] as const;
const DAYS = ['1', '7', '0'] as const;
type Uses = (typeof USES)[number];
type Days = (typeof DAYS)[number];

/** How many may come and for how long; the code is told once, when it is made (PLACE-4). */
export function InvitationForm({ onMade }: { onMade(code: string): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [uses, setUses] = useState<Uses>('10');
  const [days, setDays] = useState<Days>('7');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const life = days === '0' ? {} : { expires_in_ms: Number(days) * DAY_MS };
    void task.run(async () => {
      const body = { uses_max: Number(uses), ...life };
      onMade((await chat.api.call(ROUTES.createInvitation, { body })).code);
    });
  };
  return (
    <form className="dialog-form" onSubmit={submit}>
      <Choice<Uses>
        isCompact
        label={text('invite.uses')}
        value={uses}
        onChange={setUses}
        options={USES.map((value) => ({ value, label: text('invite.people', { count: Number(value) }) }))}
      />
      <Choice<Days>
        isCompact
        label={text('invite.life')}
        value={days}
        onChange={setDays}
        options={DAYS.map((value) => ({ value, label: text('invite.days', { days: Number(value) }) }))}
      />
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <DialogActions>
        <Button look="primary" type="submit" isBusy={task.isBusy}>
          {text('invite.make')}
        </Button>
      </DialogActions>
    </form>
  );
}
