import type { User } from '@parley/protocol';
import { Dexie, type EntityTable } from 'dexie';
import type { StoredSession } from '../api/token-storage.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { StoredHeader } from '../storage/state-storage.ts';
import type { HeldConversation } from '../store/state.ts';
import type { LeaseRow } from './lease.ts';

/** Tables with one row. */
interface Single<T> {
  readonly key: 'only';
  readonly value: T;
}

interface StoredConversation {
  readonly id: string;
  readonly held: HeldConversation;
}

/**
 * outbox: key clientMsgId, index order · conversations: key id · users: key user_id · header, session: one row each · leases: key name (only where there are
 * no Web Locks).
 * All tabs of a browser profile share one database.
 */
export type ClientDatabase = Dexie & {
  readonly outbox: EntityTable<OutboxRow, 'clientMsgId'>;
  readonly conversations: EntityTable<StoredConversation, 'id'>;
  readonly users: EntityTable<User, 'user_id'>;
  readonly header: EntityTable<Single<StoredHeader>, 'key'>;
  readonly session: EntityTable<Single<StoredSession>, 'key'>;
  readonly leases: EntityTable<LeaseRow, 'name'>;
};

export function openDatabase(name: string): ClientDatabase {
  // Strict: a resolved write is on the disk, not in a buffer that a power cut empties.
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  database.version(1).stores({
    outbox: 'clientMsgId, order',
    conversations: 'id',
    users: 'user_id',
    header: 'key',
    session: 'key',
  });
  database.version(2).stores({ leases: 'name' });
  // The cast holds: the stores were just declared.
  return database as ClientDatabase;
}
