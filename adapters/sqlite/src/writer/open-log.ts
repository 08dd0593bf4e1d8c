import type { EntryBody } from '@parley/protocol';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { HEAD_COLUMNS, type HeadRow } from '../rows/conversation-row.ts';
import { ENTRY_TYPES, storedBodyOf } from '../rows/log-row.ts';
import { columnOfPlace } from './places.ts';
import type { Write } from './write.ts';

/** A conversation and its head, as the running transaction sees them. */
export interface OpenLog {
  readonly conversationId: ConversationId;
  readonly conversation: bigint;
  readonly headSeq: number;
  readonly messageCount: number;
}

interface OpenLogRow extends HeadRow {
  readonly conversation: bigint;
}

export function openLog(write: Write, conversationId: ConversationId): OpenLog | undefined {
  const row = write.connection.one<OpenLogRow>(
    `SELECT h.conversation, ${HEAD_COLUMNS} FROM conversation c JOIN head h ON h.conversation = c.conversation WHERE c.id = ?`,
    conversationId,
  );
  if (row === undefined) return undefined;
  const { conversation } = row;
  return { conversationId, conversation, headSeq: Number(row.head_seq), messageCount: Number(row.head_count) };
}

export interface EntryKey {
  readonly deviceNumber: bigint;
  readonly clientMsgId: Buffer;
  readonly fingerprint: Buffer;
}

export interface NewEntry {
  readonly sender: bigint;
  readonly createdAt: number;
  readonly body: EntryBody;
}

export interface EntryPlace {
  readonly seq: number;
  readonly count: number;
}

/** Appends an entry that has no idempotency key: one that tells of a change of the conversation or its members. */
export function appendEntry(
  write: Write,
  log: OpenLog,
  { senderId, createdAt, body }: Omit<NewEntry, 'sender'> & { readonly senderId: UserId },
): EntryPlace {
  write.known.forget(log.conversationId);
  const place = appendOnce(write, log, { sender: idNumber(senderId), createdAt, body }, null);
  if (place === undefined) throw new Error('An entry without a key was taken for a repeated one.');
  return place;
}

/**
 * The one place where an entry gets its seq (S1): the next row of the log, its place and the head, in the same transaction. Amendments are no activity (CONV-3).
 * Undefined: the key was used before, nothing was written.
 */
export function appendOnce(write: Write, log: OpenLog, entry: NewEntry, key: EntryKey | null): EntryPlace | undefined {
  const { type } = entry.body;
  const seq = log.headSeq + 1;
  const count = log.messageCount + (type === 'new_message' ? 1 : 0);
  const { target, messageId, body, data } = storedBodyOf(entry.body);
  const entryNumber = write.connection.insert(
    `INSERT INTO log (conversation, seq, type, count, created_at, sender_id, target, device_id, client_msg_id, fingerprint, message_id, body, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (client_msg_id, device_id, conversation) WHERE client_msg_id IS NOT NULL DO NOTHING`,
    log.conversation,
    seq,
    ENTRY_TYPES.codeOf(type),
    count,
    entry.createdAt,
    entry.sender,
    target,
    key?.deviceNumber ?? null,
    key?.clientMsgId ?? null,
    key?.fingerprint ?? null,
    messageId,
    body,
    data,
  );
  if (entryNumber === undefined) return undefined;
  const place = columnOfPlace(write.connection, log.conversation, seq);
  if (type === 'new_message') {
    write.connection.run(
      `UPDATE head SET seq = ?1, count = ?2, message_seq = ?1, last_activity_at = max(last_activity_at, ?3), ${place} = ?4 WHERE conversation = ?5`,
      seq,
      count,
      entry.createdAt,
      entryNumber,
      log.conversation,
    );
  } else {
    const isAmendment =
      type === 'message_edited' || type === 'message_deleted' || type === 'reaction' || type === 'author_erased';
    write.connection.run(
      `UPDATE head SET seq = ?, last_activity_at = max(last_activity_at, ?), ${place} = ? WHERE conversation = ?`,
      seq,
      isAmendment ? 0 : entry.createdAt,
      entryNumber,
      log.conversation,
    );
  }
  return { seq, count };
}
