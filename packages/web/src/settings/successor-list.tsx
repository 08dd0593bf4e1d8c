import { ROUTES } from '@parley/protocol';
import { useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { FormProblem } from '../design/field.tsx';
import { SearchField } from '../design/search-field.tsx';
import { useText } from '../i18n/use-text.ts';
import type { Account } from './use-successors.ts';

/** More are found by name. */
const SHOWN = 20;

/** Press one: they are an administrator. */
export function SuccessorList({ people, onAppointed }: { readonly people: readonly Account[]; onAppointed(): void }) {
  const text = useText();
  const chat = useChat();
  const task = useTask();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase();
  const shown = people.filter(({ name, username }) => `${name} ${username}`.toLocaleLowerCase().includes(wanted));
  const appoint = async ({ user_id }: Account) => {
    const call = { params: { user_id }, body: { role: 'administrator' as const } };
    if (await task.run(() => chat.api.call(ROUTES.changeUserRole, call))) onAppointed();
  };
  return (
    <>
      {people.length > SHOWN && <SearchField label={text('admin.search')} query={query} onChange={setQuery} />}
      {task.problem !== null && <FormProblem>{task.problem}</FormProblem>}
      <ul className="pick-list" aria-label={text('admin.appoint')}>
        {shown.slice(0, SHOWN).map((account) => (
          <li key={account.user_id}>
            <button type="button" className="pick-row" disabled={task.isBusy} onClick={() => void appoint(account)}>
              <Avatar id={account.user_id} name={account.name} url={account.avatar_url} size="small" />
              <bdi>{account.name}</bdi>
              {account.username !== null && <small dir="ltr">@{account.username}</small>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
