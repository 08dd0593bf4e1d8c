import { useState } from 'react';
import { usePlace } from '../app/place.ts';
import { useMe } from '../app/state-hooks.ts';
import { Dialog } from '../design/dialog.tsx';
import { useText } from '../i18n/use-text.ts';
import { InvitationForm } from './invitation-form.tsx';
import { InvitationLink } from './invitation-link.tsx';
import './invitations.css';

export const joinAddress = (code: string | null): string =>
  code === null ? `${location.origin}/join` : `${location.origin}/join/${code}`;

/** How others get in, as far as whoever asks may let them in. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const me = useMe();
  const { registration } = usePlace();
  const [code, setCode] = useState<string | null>(null);
  const isOpen = registration === 'open';
  const mayInvite = registration === 'invitation' && me?.is_admin === true;
  const hint = code !== null ? 'invite.hint' : mayInvite ? 'invite.hintMake' : (`invite.${registration}` as const);
  return (
    <Dialog title={text('invite.title')} description={text(hint)} onClose={onClose}>
      {(isOpen || code !== null) && <InvitationLink address={joinAddress(code)} />}
      {mayInvite && code === null && <InvitationForm onMade={setCode} />}
    </Dialog>
  );
}
