import type { UserFact, UserLogEntry } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol/ids';
import { CodeTable } from './columns.ts';

export const FACT_TYPES = new CodeTable<UserFact['type']>(
  'conversation_joined',
  'conversation_left',
  'cursor_moved',
  'settings_changed',
  'message_hidden',
  'profile_changed',
  'devices_changed',
);

export interface UserLogRow {
  readonly seq: bigint;
  readonly type: bigint;
  /** Text id, joined from the conversation. */
  readonly conversation_id: ConversationId | null;
  readonly data: string | null;
}

/** What of a fact stands in no column of its own. */
export function factDataOf(fact: UserFact): string | null {
  const { type: _, ...rest } = fact;
  if (!('conversationId' in rest)) return dataOf(rest);
  const { conversationId: _id, ...data } = rest;
  return dataOf(data);
}

const dataOf = (rest: object): string | null => (Object.keys(rest).length === 0 ? null : JSON.stringify(rest));

/** Whether a later fact of the same type about the same conversation (or about the profile) takes the place of this one. */
export const isSuperseding = (fact: UserFact): boolean =>
  fact.type === 'cursor_moved' || fact.type === 'settings_changed' || fact.type === 'profile_changed';

export function userLogEntryOfRow(userId: UserId, row: UserLogRow): UserLogEntry {
  const conversation = row.conversation_id === null ? {} : { conversationId: row.conversation_id };
  // The cast holds: columns and data were written from a UserFact of this type.
  return {
    userId,
    seq: Number(row.seq),
    type: FACT_TYPES.wordOf(row.type),
    ...conversation,
    ...JSON.parse(row.data ?? '{}'),
  } as UserLogEntry;
}
