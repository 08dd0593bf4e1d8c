import type { Content, EntryBody, EntryType, LogEntry } from '@parley/protocol';
import { type ConversationId, idNumber, makeMessageId, makeUserId } from '@parley/protocol/ids';
import { CodeTable, uuidText } from './columns.ts';

/** The code of `message_edited` (3) also stands in the index log_edit. */
export const ENTRY_TYPES = new CodeTable<EntryType>(
  'conversation_created',
  'new_message',
  'message_edited',
  'message_deleted',
  'reaction',
  'member_added',
  'member_removed',
  'member_role_changed',
  'conversation_updated',
  'author_erased',
);
export const NEW_MESSAGE = ENTRY_TYPES.codeOf('new_message');
export const MESSAGE_EDITED = ENTRY_TYPES.codeOf('message_edited');

/** The columns that `entryOfRow` needs. */
export const LOG_COLUMNS =
  'l.seq, l.type, l.count, l.created_at, l.sender_id, l.target, l.client_msg_id, l.message_id, l.body, l.data';

export interface LogRow {
  readonly seq: bigint;
  readonly type: bigint;
  readonly count: bigint;
  readonly created_at: bigint;
  readonly sender_id: bigint;
  readonly target: bigint | null;
  readonly client_msg_id: Uint8Array | null;
  readonly message_id: bigint | null;
  readonly body: string | Uint8Array | null;
  readonly data: string | null;
}

/** The columns in which the body of an entry is stored. */
export interface StoredBody {
  readonly target: number | null;
  readonly messageId: bigint | null;
  readonly body: string | Buffer | null;
  readonly data: string | null;
}

export function storedBodyOf(entry: EntryBody): StoredBody {
  switch (entry.type) {
    case 'new_message':
      return { target: null, messageId: idNumber(entry.message_id), ...storedContentOf(entry.content) };
    case 'message_edited':
      return { target: entry.target_seq, messageId: null, ...storedContentOf(entry.content) };
    case 'message_deleted':
      return { target: entry.target_seq, messageId: null, body: null, data: null };
    case 'reaction': {
      const data = entry.action === 'added' ? null : JSON.stringify({ action: entry.action });
      return { target: entry.target_seq, messageId: null, body: entry.emoji, data };
    }
    default: {
      const { type: _, ...rest } = entry;
      return { target: null, messageId: null, body: null, data: JSON.stringify(rest) };
    }
  }
}

/** The entry of a row. Of erased content (see `isErased`) an empty text is left. */
export function entryOfRow(conversationId: ConversationId, row: LogRow): LogEntry {
  const header = {
    conversation_id: conversationId,
    seq: Number(row.seq),
    count: Number(row.count),
    created_at: Number(row.created_at),
    sender_id: makeUserId(row.sender_id),
  };
  const type = ENTRY_TYPES.wordOf(row.type);
  const target_seq = Number(row.target ?? 0n);
  const client_msg_id = row.client_msg_id === null ? '' : uuidText(row.client_msg_id);
  switch (type) {
    case 'new_message': {
      const message_id = makeMessageId(row.message_id ?? 0n);
      return { type, ...header, message_id, client_msg_id, content: contentOfRow(row) ?? { text: '' } };
    }
    case 'message_edited':
      return { type, ...header, target_seq, client_msg_id, content: contentOfRow(row) ?? { text: '' } };
    case 'message_deleted':
      return { type, ...header, target_seq, client_msg_id };
    case 'reaction':
      return {
        type,
        ...header,
        target_seq,
        client_msg_id,
        emoji: String(row.body),
        action: row.data === null ? 'added' : 'removed',
      };
    default:
      // The cast holds: storedBodyOf wrote the rest of an entry of this type.
      return { type, ...header, ...JSON.parse(row.data ?? '{}') } as LogEntry;
  }
}

/** Whether a deletion has erased the content of this row. */
export function isErased(row: Pick<LogRow, 'type' | 'body' | 'data'>): boolean {
  const holdsContent = Number(row.type) === NEW_MESSAGE || Number(row.type) === MESSAGE_EDITED;
  return holdsContent && row.body === null && row.data === null;
}

/** The text or the sealed payload stands in `body`, what else the content holds as JSON in `data`. */
function storedContentOf(content: Content): Pick<StoredBody, 'body' | 'data'> {
  const { text, sealed, ...rest } = content;
  if (text !== undefined) return { body: text, data: dataOf(rest) };
  const bytes = Buffer.from(sealed ?? '', 'base64url');
  // Not every base64url text survives the way through bytes (unused bits in the last character): such a one is kept as it is.
  if (bytes.toString('base64url') === sealed) return { body: bytes, data: dataOf(rest) };
  return { body: null, data: JSON.stringify({ ...rest, sealed }) };
}

const dataOf = (rest: object): string | null => (Object.keys(rest).length === 0 ? null : JSON.stringify(rest));

/** Null when the content was erased. */
export function contentOfRow(row: Pick<LogRow, 'body' | 'data'>): Content | null {
  if (row.body === null && row.data === null) return null;
  // The cast holds: storedContentOf wrote it.
  const rest = JSON.parse(row.data ?? '{}') as Omit<Content, 'text'>;
  if (row.body === null) return rest;
  if (typeof row.body === 'string') return { text: row.body, ...rest };
  const sealed = Buffer.from(row.body.buffer, row.body.byteOffset, row.body.byteLength).toString('base64url');
  return { sealed, ...rest };
}
