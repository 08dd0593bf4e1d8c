import { Link } from '../app/link.tsx';
import { ScreenFrame } from '../app/screen.tsx';
import { useMe } from '../app/state-hooks.ts';
import { EmptyState } from '../design/states.tsx';
import { useText } from '../i18n/use-text.ts';
import '../settings/settings.css';
import './admin.css';
import { InvitationList } from './invitation-list.tsx';
import { PlaceForm } from './place-form.tsx';
import { ServerFigures } from './server-figures.tsx';
import { UserTable } from './user-table.tsx';

/** For the owner of the place: how it is, what it is called, who may come and who is in it. */
export function AdminScreen() {
  const text = useText();
  const me = useMe();
  return (
    <ScreenFrame title={text('admin')}>
      {me?.is_admin === true ? (
        <>
          <ServerFigures />
          <PlaceForm />
          <InvitationList />
          <UserTable />
        </>
      ) : (
        <EmptyState title={text('admin.notYours')}>
          <Link to={{ name: 'home' }}>{text('archive.leave')}</Link>
        </EmptyState>
      )}
    </ScreenFrame>
  );
}
