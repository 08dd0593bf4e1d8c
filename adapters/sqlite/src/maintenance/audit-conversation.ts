import { CROWD_MEMBERS, smallestCursorSql } from '../rows/membership-row.ts';
import type { SqlConnection } from '../sql-connection.ts';

/** A claim that is broken, and a query that finds a row when it is. Bound value: the conversation's surrogate. */
interface Check {
  readonly claim: string;
  readonly sql: string;
}

/** Everything that must hold of one conversation. All are recounts from the rows, none trusts a counter or an index. */
const CHECKS: readonly Check[] = [
  {
    claim: 'seq does not run from 1 to the head without gap (S1)',
    sql: `SELECT 1 FROM head h WHERE h.conversation = ?1 AND
      (SELECT count(*) <> h.seq OR coalesce(max(seq), 0) <> h.seq OR coalesce(min(seq), 1) <> 1 FROM conversation_log WHERE conversation = ?1)`,
  },
  {
    claim: 'a place of the log leads to no entry, or to one that belongs elsewhere (S1)',
    sql: `SELECT 1 FROM log_place p LEFT JOIN log l ON l.entry = p.entry
      WHERE p.conversation = ?1 AND (l.conversation IS NOT ?1 OR l.seq IS NOT p.seq) LIMIT 1`,
  },
  {
    claim: 'an entry does not carry the number of messages up to it (S9)',
    sql: `SELECT 1 FROM (SELECT count, sum(type = 2) OVER (ORDER BY seq) AS recount FROM conversation_log WHERE conversation = ?1) WHERE count <> recount LIMIT 1`,
  },
  {
    claim: 'the head does not carry the number and the place of the messages (S9)',
    sql: `SELECT 1 FROM head h WHERE h.conversation = ?1 AND
      (SELECT count(*) <> h.count OR coalesce(max(seq), 0) <> h.message_seq FROM conversation_log WHERE conversation = ?1 AND type = 2)`,
  },
  {
    claim: 'the head is missing',
    sql: 'SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM head WHERE conversation = ?1)',
  },
  {
    claim: 'the number of members is not that of the memberships',
    sql: `SELECT 1 FROM conversation c WHERE c.conversation = ?1 AND
      c.member_count <> (SELECT count(*) FROM membership WHERE conversation = ?1)`,
  },
  {
    claim: 'a cursor lies outside its bounds: shared read, read, delivered, head must ascend (RCPT-1)',
    sql: `SELECT 1 FROM membership m JOIN head h ON h.conversation = m.conversation WHERE m.conversation = ?1 AND NOT
      (0 <= m.shared_read_up_to AND m.shared_read_up_to <= m.read_up_to AND m.read_up_to <= m.delivered_up_to AND m.delivered_up_to <= h.seq) LIMIT 1`,
  },
  {
    claim: 'an unread count is not that of the messages after the read cursor (S9)',
    sql: `SELECT 1 FROM membership m WHERE m.conversation = ?1 AND
      m.read_count <> coalesce((SELECT count FROM conversation_log WHERE conversation = ?1 AND seq = m.read_up_to), 0) LIMIT 1`,
  },
  {
    claim: 'a crowd does not give the smallest cursor of all members',
    sql: `SELECT 1 FROM conversation c WHERE c.conversation = ?1 AND
      (${smallestCursorSql('delivered_up_to')} IS NOT (SELECT min(+delivered_up_to) FROM membership NOT INDEXED WHERE conversation = ?1)
      OR ${smallestCursorSql('shared_read_up_to')} IS NOT (SELECT min(+shared_read_up_to) FROM membership NOT INDEXED WHERE conversation = ?1))`,
  },
  {
    claim: 'a member of a crowd is not marked as one',
    sql: `SELECT 1 FROM conversation c JOIN membership m ON m.conversation = c.conversation
      WHERE c.conversation = ?1 AND c.member_count > ${CROWD_MEMBERS} AND m.in_crowd = 0 LIMIT 1`,
  },
  {
    claim: 'a member has no account',
    sql: 'SELECT 1 FROM membership m WHERE m.conversation = ?1 AND NOT EXISTS (SELECT 1 FROM account WHERE user_id = m.user_id) LIMIT 1',
  },
  {
    claim: 'an entry that a device sent has no idempotency key, or the index does not lead to it (S3)',
    sql: `SELECT 1 FROM conversation_log l WHERE l.conversation = ?1 AND l.type IN (2, 3, 4, 5) AND l.seq IS NOT
      (SELECT k.seq FROM log k INDEXED BY log_key WHERE k.conversation = ?1 AND k.device_id = l.device_id AND k.client_msg_id = l.client_msg_id) LIMIT 1`,
  },
  {
    claim: 'an amendment belongs to no message, or names an edit of another one',
    sql: `SELECT 1 FROM amendment a LEFT JOIN conversation_log l ON l.conversation = ?1 AND l.seq = a.seq LEFT JOIN conversation_log e ON e.conversation = ?1 AND e.seq = a.edit_seq
      WHERE a.conversation = ?1 AND (l.type IS NOT 2 OR (a.edit_seq IS NOT NULL AND (e.type IS NOT 3 OR e.target IS NOT a.seq))) LIMIT 1`,
  },
  {
    claim: 'a deleted message or an edit of it still has content (S13)',
    sql: `SELECT 1 FROM amendment a JOIN conversation_log l ON l.conversation = ?1 AND (l.seq = a.seq OR (l.type = 3 AND l.target = a.seq))
      WHERE a.conversation = ?1 AND a.deleted = 1 AND (l.body IS NOT NULL OR l.data IS NOT NULL) LIMIT 1`,
  },
  {
    claim: 'a deleted user still has a message with content, and nothing is noted that would erase it (ACCT-1)',
    sql: `SELECT 1 FROM conversation_log l JOIN account u ON u.user_id = l.sender_id AND u.deleted_at IS NOT NULL
      WHERE l.conversation = ?1 AND l.type IN (2, 3) AND (l.body IS NOT NULL OR l.data IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM erasure WHERE user_id = l.sender_id AND conversation = ?1) LIMIT 1`,
  },
  {
    claim: 'a reaction stands on no message, or on a deleted one (S13)',
    sql: `SELECT 1 FROM reaction r LEFT JOIN amendment a ON a.conversation = ?1 AND a.seq = r.seq
      WHERE r.conversation = ?1 AND a.deleted IS NOT 0 LIMIT 1`,
  },
];

/** The claims that do not hold. */
export function auditConversation(connection: SqlConnection, conversation: bigint): readonly string[] {
  return CHECKS.filter(({ sql }) => connection.one(sql, conversation) !== undefined).map(({ claim }) => claim);
}
