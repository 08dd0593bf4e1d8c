import { FORGOTTEN } from '../rows/fingerprint.ts';
import { MESSAGE_EDITED } from '../rows/log-row.ts';
import type { Write } from './write.ts';

/**
 * Takes away what a message and its edits said and the reactions on it; the rows and their keys stay (S13). A fingerprint is a digest of what was said: short texts could be
 * guessed from it.
 */
export function eraseContent(write: Write, conversation: bigint, seq: number | bigint): void {
  const { connection } = write;
  connection.run(
    `UPDATE log SET body = NULL, data = NULL, fingerprint = ?
     WHERE entry = (SELECT entry FROM log_place WHERE conversation = ? AND seq = ?)`,
    FORGOTTEN,
    conversation,
    seq,
  );
  connection.run(
    `UPDATE log SET body = NULL, data = NULL, fingerprint = ? WHERE conversation = ? AND target = ? AND type = ${MESSAGE_EDITED}`,
    FORGOTTEN,
    conversation,
    seq,
  );
  connection.run('DELETE FROM reaction WHERE conversation = ? AND seq = ?', conversation, seq);
}
