import type { User } from '@parley/protocol';
import { X } from 'lucide-react';
import { useState } from 'react';
import { shownName } from '../app/state-hooks.ts';
import { Avatar } from '../design/avatar.tsx';
import { Field } from '../design/field.tsx';
import { useText } from '../i18n/use-text.ts';
import { useFoundPeople } from '../search/use-found.ts';
import './members.css';

export interface PeoplePickerProps {
  readonly chosen: readonly User[];
  /** Members already. */
  readonly without?: ReadonlySet<string>;
  onChange(chosen: readonly User[]): void;
}

/** Type a few letters, press Enter: somebody is chosen. */
export function PeoplePicker({ chosen, without, onChange }: PeoplePickerProps) {
  const text = useText();
  const [query, setQuery] = useState('');
  const found = useFoundPeople(query.trim());
  const chosenIds = new Set(chosen.map((user) => user.user_id));
  const offered = found.items
    .filter((user) => !chosenIds.has(user.user_id) && without?.has(user.user_id) !== true)
    .slice(0, 6);
  const add = (user: User) => {
    onChange([...chosen, user]);
    setQuery('');
  };
  return (
    <div className="people-picker">
      <Field
        label={text('picker.label')}
        type="search"
        value={query}
        placeholder={text('picker.placeholder')}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || query.trim() === '') return;
          event.preventDefault();
          if (offered[0] !== undefined) add(offered[0]);
        }}
      />
      {chosen.length > 0 && (
        <ul className="people-chosen" aria-label={text('picker.chosen')}>
          {chosen.map((user) => (
            <li key={user.user_id}>
              <button
                type="button"
                className="chip"
                aria-label={text('picker.remove', { name: user.name })}
                onClick={() => onChange(chosen.filter((other) => other !== user))}
              >
                <bdi>{shownName(user, text)}</bdi>
                <X size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul className="pick-list">
        {offered.map((user) => (
          <li key={user.user_id}>
            <button type="button" className="pick-row" onClick={() => add(user)}>
              <Avatar id={user.user_id} name={user.name} url={user.avatar_url} size="small" />
              <bdi>{shownName(user, text)}</bdi>
              {user.username !== null && <small dir="ltr">@{user.username}</small>}
            </button>
          </li>
        ))}
      </ul>
      <p className="hidden-visually" role="status">
        {query.trim() !== '' && found.state === 'done' && text('picker.found', { count: offered.length })}
      </p>
    </div>
  );
}
