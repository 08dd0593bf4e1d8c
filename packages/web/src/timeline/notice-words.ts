import type { LogEntry } from '@parley/protocol';
import type { Text } from '../i18n/use-text.ts';

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

/** What happened to members and names, as a sentence. `nameOf` gives what a person is called here. */
export function noticeWords(entry: LogEntry, nameOf: (userId: string) => string, text: Text): string {
  const actor = nameOf(entry.sender_id);
  switch (entry.type) {
    case 'conversation_created':
      return text('notice.created', { actor });
    case 'member_added': {
      if (entry.user_ids.length === 1 && entry.user_ids[0] === entry.sender_id) return text('notice.joined', { actor });
      const names = entry.user_ids.slice(0, 3).map(nameOf).join(', ');
      return text('notice.added', { actor, names, others: Math.max(0, entry.user_ids.length - 3) });
    }
    case 'member_removed':
      return entry.reason === 'removed'
        ? text('notice.removed', { actor, name: nameOf(entry.user_id) })
        : text('notice.left', { name: nameOf(entry.user_id) });
    case 'member_role_changed':
      return text('notice.role', { actor, name: nameOf(entry.user_id), role: entry.role });
    case 'conversation_updated':
      return entry.name === undefined
        ? text('notice.changed', { actor })
        : text('notice.renamed', { actor, name: entry.name });
    case 'new_message':
    case 'message_edited':
    case 'message_deleted':
    case 'reaction':
      return '';
  }
}
