import type { ConversationId } from '@parley/protocol';
import { makeDeviceId, makeUserId } from '@parley/protocol/ids';
import type { SqlConnection } from '../sql-connection.ts';
import { auditConversation } from './audit-conversation.ts';

/** Something that must not be. `subject`: id of the conversation, user or device, or `log`. */
export interface AuditFinding {
  readonly subject: string;
  readonly claim: string;
}

export interface AuditPage {
  /** Surrogate or user number of the last row of the page before; 0 at first. */
  readonly after: bigint;
  readonly limit: number;
}

/** `next` null: that was the last page. */
export interface AuditedPage {
  readonly checked: number;
  readonly findings: readonly AuditFinding[];
  readonly next: bigint | null;
}

export function auditConversations(connection: SqlConnection, { after, limit }: AuditPage): AuditedPage {
  const rows = connection.all<{ conversation: bigint; id: ConversationId }>(
    'SELECT conversation, id FROM conversation WHERE conversation > ? ORDER BY conversation LIMIT ?',
    after,
    limit,
  );
  const findings: AuditFinding[] = rows.flatMap(({ conversation, id }) =>
    auditConversation(connection, conversation).map((claim) => ({ subject: id, claim })),
  );
  if (after === 0n) findings.push(...settlingFindings(connection));
  return { checked: rows.length, findings, next: rows.length < limit ? null : (rows.at(-1)?.conversation ?? null) };
}

/** What follows from the entries up to the settled one is written; of later ones, a conversation's either have all that follows from them, or only wait behind its head. */
function settlingFindings(connection: SqlConnection): AuditFinding[] {
  const unplaced = connection.one(
    `SELECT 1 FROM meta
     WHERE (SELECT count(*) FROM log WHERE entry <= settled_entry) <> (SELECT count(*) FROM log_place WHERE entry <= settled_entry)`,
  );
  const wrong = connection.all<{ id: ConversationId }>(
    `SELECT c.id FROM log l JOIN conversation c ON c.conversation = l.conversation JOIN head h ON h.conversation = l.conversation
       LEFT JOIN log_place p ON p.conversation = l.conversation AND p.seq = l.seq
     WHERE l.entry > (SELECT settled_entry FROM meta)
     GROUP BY l.conversation HAVING max(l.seq) - min(l.seq) + 1 <> count(*) OR min(l.seq) > h.seq + 1 OR max(l.seq) < h.seq
       OR count(*) FILTER (WHERE (l.seq <= h.seq) <> (p.entry IS l.entry)) > 0`,
  );
  return [
    ...(unplaced === undefined
      ? []
      : [{ subject: 'log', claim: 'there are more settled entries than places, or fewer (S1)' }]),
    ...wrong.map(({ id }) => ({ subject: id, claim: 'an unsettled entry does not follow the head (S1)' })),
  ];
}

export function auditUsers(connection: SqlConnection, { after, limit }: AuditPage): AuditedPage {
  const rows = connection.all<{ user_id: bigint }>(
    'SELECT user_id FROM account WHERE user_id > ? ORDER BY user_id LIMIT ?',
    after,
    limit,
  );
  const findings = rows.flatMap(({ user_id }) => [
    ...cursorFindings(connection, user_id),
    ...mailboxFindings(connection, user_id),
  ]);
  return { checked: rows.length, findings, next: rows.length < limit ? null : (rows.at(-1)?.user_id ?? null) };
}

/** The cursors that a user's devices were told are those of the membership, or older ones where sending has read since. */
function cursorFindings(connection: SqlConnection, user: bigint): AuditFinding[] {
  const wrong = connection.all<{ id: string }>(
    `SELECT c.id FROM user_log u JOIN conversation c ON c.conversation = u.conversation
     JOIN membership m ON m.conversation = u.conversation AND m.user_id = u.user_id
     WHERE u.user_id = ? AND u.type = 3 AND m.joined_at <= c.created_at
       AND (u.data ->> 'deliveredUpTo' > m.delivered_up_to OR u.data ->> 'readUpTo' > m.read_up_to OR u.data ->> 'readCount' > m.read_count)`,
    user,
  );
  return wrong.map(({ id }) => ({
    subject: makeUserId(user),
    claim: `the user log tells of cursors in ${id} that the membership has not reached`,
  }));
}

function mailboxFindings(connection: SqlConnection, user: bigint): AuditFinding[] {
  const wrong = connection.all<{ device_id: bigint }>(
    `SELECT d.device_id FROM device d JOIN mailbox b ON b.device_id = d.device_id WHERE d.user_id = ?
     GROUP BY d.device_id HAVING max(b.seq) <> d.mailbox_head OR count(*) <> max(b.seq) - min(b.seq) + 1`,
    user,
  );
  return wrong.map(({ device_id }) => ({
    subject: makeDeviceId(device_id),
    claim: 'the mailbox has a gap before its head',
  }));
}
