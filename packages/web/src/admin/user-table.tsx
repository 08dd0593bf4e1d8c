import { ROUTES, type RouteOutput } from '@parley/protocol';
import { MoreVertical, ShieldCheck, ShieldOff } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useChat } from '../app/chat.ts';
import { useTask } from '../app/use-task.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { FormProblem } from '../design/field.tsx';
import { Menu } from '../design/menu.tsx';
import { SearchField } from '../design/search-field.tsx';
import { isolated, useText } from '../i18n/use-text.ts';
import { useTime } from '../i18n/use-time.ts';

type Page = RouteOutput<typeof ROUTES.listUsers>;
type Account = Page['items'][number];

/** Typing is not interrupted by answers to half a word. */
const PAUSE_MS = 200;

export function UserTable() {
  const text = useText();
  const chat = useChat();
  const { run, problem } = useTask();
  const [query, setQuery] = useState('');
  const [accounts, setAccounts] = useState<readonly Account[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const load = useCallback(
    (wanted: string, after: string | null) =>
      run(async () => {
        const asked = {
          limit: 50,
          ...(wanted === '' ? {} : { query: wanted }),
          ...(after === null ? {} : { cursor: after }),
        };
        const page = await chat.api.call(ROUTES.listUsers, { query: asked });
        setAccounts((before) => (after === null ? page.items : [...before, ...page.items]));
        setCursor(page.next_cursor);
      }),
    [chat, run],
  );
  useEffect(() => {
    const timer = setTimeout(() => void load(query.trim(), null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [load, query]);
  const changeRole = ({ user_id }: Account, role: 'administrator' | 'user') =>
    void run(async () => {
      await chat.api.call(ROUTES.changeUserRole, { params: { user_id }, body: { role } });
      const is_admin = role === 'administrator';
      setAccounts((before) => before.map((one) => (one.user_id === user_id ? { ...one, is_admin } : one)));
    });
  return (
    <section className="admin-part">
      <h2>{text('admin.people')}</h2>
      <SearchField label={text('admin.search')} query={query} onChange={setQuery} />
      {problem !== null && <FormProblem>{problem}</FormProblem>}
      <ul className="entry-rows">
        {accounts.map((account) => (
          <AccountRow key={account.user_id} account={account} onChange={(role) => changeRole(account, role)} />
        ))}
      </ul>
      {cursor !== null && (
        <Button look="quiet" onClick={() => void load(query.trim(), cursor)}>
          {text('more')}
        </Button>
      )}
    </section>
  );
}

function AccountRow({ account, onChange }: { account: Account; onChange(role: 'administrator' | 'user'): void }) {
  const text = useText();
  const time = useTime();
  return (
    <li className="entry-row">
      <Avatar id={account.user_id} name={account.name} url={account.avatar_url} />
      <span className="entry-words">
        <span className="entry-title">
          <bdi>{account.deleted ? text('deletedUser') : account.name}</bdi>
          {account.is_admin && <span className="tag">{text('admin.isAdmin')}</span>}
        </span>
        <small>
          {account.username !== null && `${isolated(`@${account.username}`)} · `}
          {text('admin.since', { when: time.moment(account.created_at) })} ·{' '}
          {text('admin.deviceCount', { count: account.devices })}
        </small>
      </span>
      {!account.deleted && (
        <Menu
          trigger={
            <IconButton label={text('members.menu', { name: account.name })} icon={<MoreVertical size={18} />} />
          }
          items={[
            account.is_admin
              ? { label: text('admin.dismiss'), icon: <ShieldOff />, onSelect: () => onChange('user') }
              : { label: text('admin.appoint'), icon: <ShieldCheck />, onSelect: () => onChange('administrator') },
          ]}
        />
      )}
    </li>
  );
}
