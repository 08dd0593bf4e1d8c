import type { EntryBody } from '@parley/protocol';
import { type ConversationId, idNumber, type UserId } from '@parley/protocol/ids';
import { HEAD_COLUMNS, type HeadRow } from '../rows/conversation-row.ts';
import { ENTRY_TYPES, storedBodyOf } from '../rows/log-row.ts';
import { settle } from './settle.ts';
import type { Writer } from './unsettled.ts';
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
  readonly fingerprint: Buffer | null;
}

/** That a device wrote an entry: its key, and whose cursors move with it. */
export interface Written {
  readonly key: EntryKey;
  readonly writer: Writer;
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

/**
 * Appends an entry that has no idempotency key, one that tells of a change of the conversation or its members, and settles it: what goes with such a change is read
 * from the tables.
 */
export function appendEntry(
  write: Write,
  log: OpenLog,
  { senderId, createdAt, body }: Omit<NewEntry, 'sender'> & { readonly senderId: UserId },
): EntryPlace {
  const place = appendOnce(write, log, { sender: idNumber(senderId), createdAt, body }, null);
  if (place === undefined) throw new Error('An entry without a key was taken for a repeated one.');
  settle(write);
  write.known.forget(log.conversationId);
  return place;
}

/**
 * The one place where an entry gets its seq (S1): the next row of the log. All else that follows from it is written later, by `settle`.
 * Undefined: the key was used before, nothing was written.
 */
export function appendOnce(
  write: Write,
  log: OpenLog,
  entry: NewEntry,
  written: Written | null,
): EntryPlace | undefined {
  const { type } = entry.body;
  const seq = log.headSeq + 1;
  const count = log.messageCount + (type === 'new_message' ? 1 : 0);
  const { target, messageId, body, data } = storedBodyOf(entry.body);
  const row = write.connection.insert(
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
    written?.key.deviceNumber ?? null,
    written?.key.clientMsgId ?? null,
    written?.key.fingerprint ?? null,
    messageId,
    body,
    data,
  );
  if (row === undefined) return undefined;
  write.known.unsettled.note({
    entry: Number(row),
    conversation: Number(log.conversation),
    seq,
    count,
    type,
    createdAt: entry.createdAt,
    writer: written?.writer ?? null,
  });
  return { seq, count };
}
