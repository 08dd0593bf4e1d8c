import type { AppendOutcome } from '@parley/core';
import { idNumber } from '@parley/protocol/ids';
import { LIMITS } from '@parley/protocol/limits';
import { uuidBytes } from '../../rows/columns.ts';
import { storedFingerprint } from '../../rows/fingerprint.ts';
import { firstOutcomeOf } from '../../rows/first-outcome.ts';
import { NEW_MESSAGE } from '../../rows/log-row.ts';
import { type ArrivedAppend, type PackedAppend, unpackAppend } from '../../rows/packed-append.ts';
import { eraseContent } from '../erase-content.ts';
import { type Author, knownAuthor, knownLog } from '../known-logs.ts';
import { appendOnce, type EntryKey, type OpenLog } from '../open-log.ts';
import { settle } from '../settle.ts';
import type { Write } from '../write.ts';

/** As AppendOutcome, but of an appended entry only its place: the caller has the rest, and need not get it back through the thread's door. */
export type AppendResult = Exclude<AppendOutcome, { kind: 'appended' }> | readonly [seq: number, count: number];

type TargetRefusal = Extract<
  AppendOutcome,
  { kind: 'target_missing' | 'target_deleted' | 'unchanged' | 'too_many_reactions' }
>;

export function append(write: Write, appends: readonly PackedAppend[]): readonly AppendResult[] {
  const results: AppendResult[] = [];
  for (const one of appends) results.push(appendOne(write, unpackAppend(one)));
  return results;
}

function appendOne(write: Write, append: ArrivedAppend): AppendResult {
  const log = knownLog(write, append.conversationId);
  if (log === undefined) return { kind: 'not_a_member' };
  const key: EntryKey = {
    deviceNumber: idNumber(append.deviceId),
    clientMsgId: uuidBytes(append.clientMsgId),
    fingerprint: append.fingerprint === null ? null : storedFingerprint(append.fingerprint),
  };
  const author = knownAuthor(write, log, append.userId);
  if (author === undefined) return refuse(write, log, key, { kind: 'not_a_member' });
  if ((author.roleBit & append.roles) === 0) return refuse(write, log, key, { kind: 'role_too_low' });
  const refusal = targetRefusal(write, log, author, append.body);
  if (refusal !== undefined) return refuse(write, log, key, refusal);

  const { createdAt, body } = append;
  // No query for the key before: the unique index refuses a repeated one.
  const place = appendOnce(write, log, { sender: author.user_id, createdAt, body }, { key, writer: author });
  if (place === undefined) {
    const first = firstOutcomeOf(write.connection, log, key);
    if (first === undefined) throw new Error('A key is taken by no entry.');
    return first;
  }
  log.headSeq = place.seq;
  log.messageCount = place.count;
  write.known.keep(log);
  foldIntoTarget(write, log, author, append.body, place.seq);
  return [place.seq, place.count];
}

/** A refusal says "not stored", which would be a lie to someone who wrote and was removed afterwards. */
function refuse(write: Write, log: OpenLog, key: EntryKey, refusal: AppendResult): AppendResult {
  return firstOutcomeOf(write.connection, log, key) ?? refusal;
}

function targetRefusal(
  write: Write,
  log: OpenLog,
  author: Author,
  body: ArrivedAppend['body'],
): TargetRefusal | undefined {
  const target = body.type === 'new_message' ? body.content.reply_to : body.target_seq;
  if (target === undefined) return undefined;
  settle(write);
  if (target < author.visible_from_seq) return { kind: 'target_missing' };
  const row = write.connection.one<{ type: bigint; deleted: bigint | null }>(
    `SELECT l.type, a.deleted FROM conversation_log l LEFT JOIN amendment a ON a.conversation = l.conversation AND a.seq = l.seq
     WHERE l.conversation = ? AND l.seq = ?`,
    log.conversation,
    target,
  );
  if (row === undefined || Number(row.type) !== NEW_MESSAGE) return { kind: 'target_missing' };
  if (row.deleted === 1n) return { kind: 'target_deleted' };
  return body.type === 'reaction' ? reactionRefusal(write, log, author, body) : undefined;
}

function reactionRefusal(
  write: Write,
  log: OpenLog,
  author: Author,
  { target_seq, emoji, action }: Extract<ArrivedAppend['body'], { type: 'reaction' }>,
): TargetRefusal | undefined {
  const row = write.connection.one<{ own: bigint; present: bigint; different: bigint }>(
    `SELECT coalesce(max(emoji = ?3 AND user_id = ?4), 0) AS own, coalesce(max(emoji = ?3), 0) AS present, count(DISTINCT emoji) AS different
     FROM reaction WHERE conversation = ?1 AND seq = ?2`,
    log.conversation,
    target_seq,
    emoji,
    author.user_id,
  );
  if (row === undefined) throw new Error('An aggregate gave no row.');
  if ((row.own === 1n) === (action === 'added')) return { kind: 'unchanged' };
  const isNewEmoji = action === 'added' && row.present === 0n;
  return isNewEmoji && row.different >= LIMITS.reactionsPerMessageMax ? { kind: 'too_many_reactions' } : undefined;
}

/** The effect of an amendment on the present state of its target. */
function foldIntoTarget(write: Write, log: OpenLog, author: Author, body: ArrivedAppend['body'], seq: number): void {
  if (body.type === 'new_message') return;
  const { conversation } = log;
  const target = body.target_seq;
  switch (body.type) {
    case 'message_edited':
      return amend(write, log, target, seq, { editSeq: seq, deleted: false });
    case 'message_deleted':
      amend(write, log, target, seq, { editSeq: null, deleted: true });
      eraseContent(write, log.conversation, target);
      return;
    case 'reaction': {
      amend(write, log, target, seq, { editSeq: null, deleted: false });
      const user = author.user_id;
      if (body.action === 'added') {
        write.connection.run(
          'INSERT INTO reaction (conversation, seq, emoji, user_id, added_seq) VALUES (?, ?, ?, ?, ?)',
          conversation,
          target,
          body.emoji,
          user,
          seq,
        );
      } else {
        write.connection.run(
          'DELETE FROM reaction WHERE conversation = ? AND seq = ? AND emoji = ? AND user_id = ?',
          conversation,
          target,
          body.emoji,
          user,
        );
      }
    }
  }
}

/** `editSeq` null keeps the present content. */
function amend(
  write: Write,
  log: OpenLog,
  target: number,
  stateSeq: number,
  change: { readonly editSeq: number | null; readonly deleted: boolean },
): void {
  write.connection.run(
    `INSERT INTO amendment (conversation, seq, edit_seq, state_seq, deleted) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (conversation, seq) DO UPDATE SET edit_seq = coalesce(excluded.edit_seq, edit_seq), state_seq = excluded.state_seq, deleted = excluded.deleted`,
    log.conversation,
    target,
    change.editSeq,
    stateSeq,
    change.deleted ? 1 : 0,
  );
}
