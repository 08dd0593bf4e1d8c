import type { Write } from '../write.ts';

/**
 * Writes and takes back, so that the commit shows whether the disk still takes writes. An update to the same value would not do: SQLite sees that nothing changed
 * and writes nothing. No device has the number 0.
 */
export function probe(write: Write): void {
  write.connection.run('INSERT INTO mailbox_put (sender_device_id, client_msg_id) VALUES (0, zeroblob(16))');
  write.connection.run('DELETE FROM mailbox_put WHERE sender_device_id = 0');
}
