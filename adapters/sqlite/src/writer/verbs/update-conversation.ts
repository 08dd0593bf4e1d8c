import type { ChangeOutcome, ConversationStore } from '@parley/core';
import type { EntryBody } from '@parley/protocol';
import { VISIBILITIES } from '../../rows/columns.ts';
import {
  CONVERSATION_COLUMNS,
  type ConversationRow,
  channelKeyOf,
  conversationOfRow,
} from '../../rows/conversation-row.ts';
import { memberOf, refusalOf } from '../member.ts';
import { appendEntry, openLog } from '../open-log.ts';
import type { Write } from '../write.ts';

export function updateConversation(write: Write, request: Parameters<ConversationStore['update']>[0]): ChangeOutcome {
  const log = openLog(write, request.conversationId);
  if (log === undefined) return { kind: 'not_a_member' };
  const refusal = refusalOf(memberOf(write, log, request.actor), request.roles);
  if (refusal !== undefined) return refusal;
  const row = write.connection.one<ConversationRow>(
    `SELECT ${CONVERSATION_COLUMNS} FROM conversation c WHERE c.conversation = ?`,
    log.conversation,
  );
  if (row === undefined) return { kind: 'not_a_member' };

  const { change } = request;
  const record = { ...conversationOfRow(row), ...change };
  write.connection.run(
    'UPDATE conversation SET name = ?, description = ?, avatar_url = ?, visibility = ?, channel_key = ? WHERE conversation = ?',
    record.name,
    record.description,
    record.avatarUrl,
    VISIBILITIES.codeOf(record.visibility),
    channelKeyOf(record),
    log.conversation,
  );
  const body: EntryBody = {
    type: 'conversation_updated',
    ...(change.name == null ? {} : { name: change.name }),
    ...(change.description === undefined ? {} : { description: change.description ?? '' }),
    ...(change.avatarUrl === undefined ? {} : { avatar_url: change.avatarUrl ?? '' }),
    ...(change.visibility === undefined ? {} : { visibility: change.visibility }),
  };
  const { seq, count } = appendEntry(write, log, { senderId: request.actor, createdAt: request.at, body });
  const header = { conversation_id: log.conversationId, seq, count, created_at: request.at, sender_id: request.actor };
  return { kind: 'changed', entry: { ...header, ...body } };
}
