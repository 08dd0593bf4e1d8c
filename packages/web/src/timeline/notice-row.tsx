import type { LogEntry } from '@parley/protocol';
import { useSelected } from '../app/chat.ts';
import { shownName, useMe } from '../app/state-hooks.ts';
import { isolated, useText } from '../i18n/use-text.ts';
import { noticeWords } from './notice-words.ts';

/** Somebody came, went or changed a name. */
export function NoticeRow({ entry, rowKey, isFocusable }: { entry: LogEntry; rowKey: string; isFocusable: boolean }) {
  const text = useText();
  const me = useMe();
  const users = useSelected((state) => state.users);
  const nameOf = (id: string) => {
    const user = users[id];
    if (id === me?.user_id) return text('youObject');
    return user === undefined ? text('someone') : isolated(shownName(user, text));
  };
  return (
    <article className="timeline-note" data-row={rowKey} tabIndex={isFocusable ? 0 : -1}>
      {noticeWords(entry, me?.user_id ?? '', nameOf, text)}
    </article>
  );
}
