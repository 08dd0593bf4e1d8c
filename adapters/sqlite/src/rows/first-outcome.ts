import type { AppendOutcome } from '@parley/core';
import type { ConversationId } from '@parley/protocol/ids';
import type { SqlConnection } from '../sql-connection.ts';
import { mayBeSame } from './fingerprint.ts';
import { entryOfRow, LOG_COLUMNS, type LogRow } from './log-row.ts';

/** What the first use of an idempotency key led to; undefined: nothing is stored under it. */
export function firstOutcomeOf(
  connection: SqlConnection,
  log: { readonly conversation: bigint; readonly conversationId: ConversationId },
  key: { readonly deviceNumber: bigint; readonly clientMsgId: Uint8Array; readonly fingerprint: Buffer | null },
): Extract<AppendOutcome, { kind: 'duplicate' | 'key_reused' }> | undefined {
  const row = connection.one<LogRow & { readonly fingerprint: Uint8Array | null }>(
    `SELECT ${LOG_COLUMNS}, l.fingerprint FROM log l WHERE l.conversation = ? AND l.device_id = ? AND l.client_msg_id = ?`,
    log.conversation,
    key.deviceNumber,
    key.clientMsgId,
  );
  if (row === undefined) return undefined;
  if (!mayBeSame(row.fingerprint, key.fingerprint)) return { kind: 'key_reused' };
  return { kind: 'duplicate', entry: entryOfRow(log.conversationId, row) };
}
