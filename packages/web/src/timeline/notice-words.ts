import type { LogEntry } from '@parley/protocol';
import { isolated, type Text } from '../i18n/use-text.ts';

/** People named by a notice, the one who did it first. */
export function peopleOfNotice(entry: LogEntry): readonly string[] {
  switch (entry.type) {
    case 'member_added':
      return [entry.sender_id, ...entry.user_ids.slice(0, 3)];
    case 'member_removed':
    case 'member_role_changed':
      return [entry.sender_id, entry.user_id];
    default:
      return [entry.sender_id];
  }
}

/** What happened to members and names, as a sentence. `nameOf` gives what a person is called as the object of it. */
export function noticeWords(entry: LogEntry, ownId: string, nameOf: (userId: string) => string, text: Text): string {
  const subjectId = entry.type === 'member_removed' && entry.reason !== 'removed' ? entry.user_id : entry.sender_id;
  const who = { actor: nameOf(subjectId), isOwn: subjectId === ownId ? 'yes' : 'no' };
  switch (entry.type) {
    case 'conversation_created':
      return text('notice.created', who);
    case 'member_added': {
      if (entry.user_ids.length === 1 && entry.user_ids[0] === entry.sender_id) return text('notice.joined', who);
      const names = entry.user_ids.slice(0, 3).map(nameOf).join(', ');
      return text('notice.added', { ...who, names, others: Math.max(0, entry.user_ids.length - 3) });
    }
    case 'member_removed':
      return entry.reason === 'removed'
        ? text('notice.removed', { ...who, name: nameOf(entry.user_id) })
        : text('notice.left', who);
    case 'member_role_changed':
      return text('notice.role', { ...who, name: nameOf(entry.user_id), role: entry.role });
    case 'conversation_updated':
      return entry.name === undefined
        ? text('notice.changed', who)
        : text('notice.renamed', { ...who, name: isolated(entry.name) });
    case 'new_message':
    case 'message_edited':
    case 'message_deleted':
    case 'reaction':
    case 'author_erased':
      return '';
  }
}
