import { Avatar } from '../design/avatar.tsx';
import { useText } from '../i18n/use-text.ts';
import { MENTION_LIST_ID, type Mentions } from './use-mentions.ts';

export function MentionList({ mentions, onChoose }: { mentions: Mentions; onChoose(index: number): void }) {
  const text = useText();
  return (
    <div className="mention-list" id={MENTION_LIST_ID} role="listbox" aria-label={text('mention.label')}>
      {mentions.people.map((user, index) => (
        <div
          key={user.user_id}
          id={`mention-${index}`}
          className="mention-option"
          role="option"
          tabIndex={-1}
          aria-selected={index === mentions.chosen}
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(index);
          }}
        >
          <Avatar id={user.user_id} name={user.name} size="small" />
          <bdi>{user.name}</bdi>
          {user.username !== null && <small dir="ltr">@{user.username}</small>}
        </div>
      ))}
    </div>
  );
}
