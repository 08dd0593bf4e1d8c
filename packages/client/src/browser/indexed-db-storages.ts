import type { StoredSession, TokenStorage } from '../api/token-storage.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { OutboxStorage } from '../outbox/outbox-storage.ts';
import type { StateChanges, StateStorage, StoredState } from '../storage/state-storage.ts';
import type { ClientDatabase } from './database.ts';
import type { Lease } from './lease.ts';

/** A refresh takes a moment. */
const TOKENS_ASK_EVERY_MS = 250;

/** The three storages over one IndexedDB database. Where there are no Web Locks, leases say which tab may write. */

/** The outbox needs none: a row stands for itself, any tab adds one, and sending it again changes nothing (SEND-2). */

export class IndexedDbOutboxStorage implements OutboxStorage {
  readonly #database: ClientDatabase;

  constructor(database: ClientDatabase) {
    this.#database = database;
  }
  async put(row: OutboxRow): Promise<void> {
    await this.#database.outbox.put(row);
  }
  async remove(clientMsgId: string): Promise<void> {
    await this.#database.outbox.delete(clientMsgId);
  }
  async list(): Promise<readonly OutboxRow[]> {
    return this.#database.outbox.orderBy('order').toArray();
  }
}

export class IndexedDbStateStorage implements StateStorage {
  readonly #database: ClientDatabase;
  readonly #lease: Lease | undefined;

  constructor(database: ClientDatabase, lease?: Lease) {
    this.#database = database;
    this.#lease = lease;
  }

  async load(): Promise<StoredState | undefined> {
    const { header, conversations, users } = this.#database;
    return this.#database.transaction('r', header, conversations, users, async () => {
      const only = await header.get('only');
      if (only === undefined) return undefined;
      const rows = await conversations.toArray();
      return { header: only.value, conversations: rows.map(({ held }) => held), users: await users.toArray() };
    });
  }

  /** One transaction: the place in the user's log and what it covers are never apart. */
  async save(changes: StateChanges): Promise<void> {
    const { header, conversations, users } = this.#database;
    await this.#write(async () => {
      await header.put({ key: 'only', value: changes.header });
      await conversations.bulkDelete([...changes.removedConversationIds]);
      await conversations.bulkPut(changes.conversations.map((held) => ({ id: held.resource.conversation_id, held })));
      await users.bulkPut([...changes.users]);
    });
  }

  async clear(): Promise<void> {
    const { header, conversations, users } = this.#database;
    await this.#write(async () => {
      await Promise.all([header.clear(), conversations.clear(), users.clear()]);
    });
  }

  #write(work: () => Promise<void>): Promise<void> {
    const tables = ['header', 'conversations', 'users'];
    return this.#lease === undefined ? this.#database.transaction('rw', tables, work) : this.#lease.write(tables, work);
  }
}

export class IndexedDbTokenStorage implements TokenStorage {
  readonly #database: ClientDatabase;
  readonly #lease: Lease | undefined;
  #isExclusive = false;

  constructor(database: ClientDatabase, lease?: Lease) {
    this.#database = database;
    this.#lease = lease;
  }
  async load(): Promise<StoredSession | undefined> {
    return (await this.#database.session.get('only'))?.value;
  }
  async save(session: StoredSession): Promise<void> {
    const put = () => this.#database.session.put({ key: 'only', value: session });
    // A tab that slept over its refresh must not overwrite the tokens of one that went on meanwhile.
    if (this.#isExclusive && this.#lease !== undefined) await this.#lease.write(['session'], put);
    else await put();
  }
  async clear(): Promise<void> {
    await this.#database.session.clear();
  }
  /** Across all tabs of the profile. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#lease !== undefined) return this.#underLease(this.#lease, work);
    // The DOM types flatten the promise of the callback into `any`-like unions; awaiting it gives the callback's own type back.
    return await navigator.locks.request(`${this.#database.name} tokens`, work);
  }

  async #underLease<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
    await lease.acquire(() => undefined, TOKENS_ASK_EVERY_MS);
    this.#isExclusive = true;
    try {
      return await work();
    } finally {
      this.#isExclusive = false;
      lease.release();
    }
  }
}
