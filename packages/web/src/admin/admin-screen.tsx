import { ScreenFrame } from '../app/screen.tsx';
import { useMe } from '../app/state-hooks.ts';
import { useText } from '../i18n/use-text.ts';
import './admin.css';
import { ServerFigures } from './server-figures.tsx';
import { UserTable } from './user-table.tsx';

/** For the owner of the place: how it is and who is in it. */
export function AdminScreen() {
  const text = useText();
  const me = useMe();
  return (
    <ScreenFrame title={text('admin')}>
      {me?.is_admin === true ? (
        <>
          <ServerFigures />
          <UserTable />
        </>
      ) : (
        <p>{text('admin.notYours')}</p>
      )}
    </ScreenFrame>
  );
}
