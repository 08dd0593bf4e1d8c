import { MESSAGE_EDITED } from '../rows/log-row.ts';
import type { Write } from './write.ts';

/** Takes away what a message and its edits said and the reactions on it; the rows stay (S13). */
export function eraseContent(write: Write, conversation: bigint, seq: number | bigint): void {
  const { connection } = write;
  connection.run(
    'UPDATE log SET body = NULL, data = NULL WHERE entry = (SELECT entry FROM place_of_entry WHERE conversation = ? AND seq = ?)',
    conversation,
    seq,
  );
  connection.run(
    `UPDATE log SET body = NULL, data = NULL WHERE conversation = ? AND target = ? AND type = ${MESSAGE_EDITED}`,
    conversation,
    seq,
  );
  connection.run('DELETE FROM reaction WHERE conversation = ? AND seq = ?', conversation, seq);
}
