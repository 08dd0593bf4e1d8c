import { ROUTES, type RouteOutput } from '@parley/protocol';
import { Link2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { usePlace } from '../app/place.ts';
import { useTask } from '../app/use-task.ts';
import { Button } from '../design/button.tsx';
import { FormProblem } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';
import { InviteDialog } from '../invitations/invite-dialog.tsx';

type Invitation = RouteOutput<typeof ROUTES.listInvitations>['items'][number];

/** Every invitation that stands, how often it was used, and an end for it. */
export function InvitationList() {
  const text = useText();
  const chat = useChat();
  const { registration } = usePlace();
  const { run, problem } = useTask();
  const [invitations, setInvitations] = useState<readonly Invitation[]>([]);
  const [isInviting, setInviting] = useState(false);
  const load = useCallback(
    () => run(async () => setInvitations((await chat.api.call(ROUTES.listInvitations, {})).items)),
    [chat, run],
  );
  useEffect(() => void load(), [load]);
  const withdraw = ({ invitation_id }: Invitation) =>
    void run(() => chat.api.call(ROUTES.withdrawInvitation, { params: { invitation_id } })).then(load);
  return (
    <section className="admin-part">
      <div className="heading-line">
        <h2>{text('invitations')}</h2>
        {registration !== 'closed' && (
          <Button onClick={() => setInviting(true)}>
            <Link2 size={18} />
            {text('new.invite')}
          </Button>
        )}
      </div>
      {problem !== null && <FormProblem>{problem}</FormProblem>}
      {registration === 'open' && <p className="settings-note">{text('invitations.open')}</p>}
      {registration === 'closed' && <p className="settings-note">{text('invitations.closed')}</p>}
      {registration === 'invitation' && invitations.length === 0 && (
        <p className="settings-note">{text('invitations.none')}</p>
      )}
      <ul className="entry-rows">
        {invitations.map((invitation) => (
          <Row key={invitation.invitation_id} invitation={invitation} onWithdraw={() => withdraw(invitation)} />
        ))}
      </ul>
      {isInviting && (
        <InviteDialog
          onClose={() => {
            setInviting(false);
            void load();
          }}
        />
      )}
    </section>
  );
}

function Row({ invitation, onWithdraw }: { invitation: Invitation; onWithdraw(): void }) {
  const text = useText();
  const time = useTime();
  const { uses, uses_max, created_at, expires_at } = invitation;
  const made = time.moment(created_at);
  return (
    <li className="entry-row">
      <Link2 size={20} />
      <span className="entry-words">
        {text('invitations.uses', { uses, max: uses_max })}
        <small>
          {text('invitations.made', { when: made })} ·{' '}
          {expires_at === null
            ? text('invitations.forEver')
            : text(expires_at > Date.now() ? 'invitations.until' : 'invitations.over', {
                when: time.moment(expires_at),
              })}
        </small>
      </span>
      <Button onClick={onWithdraw} aria-label={text('invitations.withdrawThis', { when: made })}>
        {text('invitations.withdraw')}
      </Button>
    </li>
  );
}
