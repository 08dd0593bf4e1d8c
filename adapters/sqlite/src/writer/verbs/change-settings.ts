import type { MySettings } from '@parley/protocol';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { flagOf, NOTIFICATION_LEVELS } from '../../rows/columns.ts';
import { settingsOfRow } from '../../rows/membership-row.ts';
import { memberOf } from '../member.ts';
import { openLog } from '../open-log.ts';
import { appendUserFact } from '../user-facts.ts';
import type { Write } from '../write.ts';

export interface ChangeSettings {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
  readonly change: Partial<MySettings>;
}

export function changeSettings(
  write: Write,
  { conversationId, userId, change }: ChangeSettings,
): MySettings | undefined {
  const log = openLog(write, conversationId);
  const member = log && memberOf(write, log, userId);
  if (log === undefined || member === undefined) return undefined;
  const settings = { ...settingsOfRow(member), ...change };
  write.connection.run(
    'UPDATE membership SET archived = ?, pinned = ?, muted_until = ?, notifications = ? WHERE conversation = ? AND user_id = ?',
    flagOf(settings.archived),
    flagOf(settings.pinned),
    settings.muted_until,
    NOTIFICATION_LEVELS.codeOf(settings.notifications),
    log.conversation,
    idNumber(userId),
  );
  appendUserFact(write, userId, { type: 'settings_changed', conversationId, settings }, log.conversation);
  return settings;
}
