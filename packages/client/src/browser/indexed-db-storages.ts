import type { StoredSession, TokenStorage } from '../api/token-storage.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { OutboxStorage } from '../outbox/outbox-storage.ts';
import type { StateChanges, StateStorage, StoredState } from '../storage/state-storage.ts';
import type { ClientDatabase } from './database.ts';

/** The three storages over one IndexedDB database. */

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

  constructor(database: ClientDatabase) {
    this.#database = database;
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
    await this.#database.transaction('rw', header, conversations, users, async () => {
      await header.put({ key: 'only', value: changes.header });
      await conversations.bulkDelete([...changes.removedConversationIds]);
      await conversations.bulkPut(changes.conversations.map((held) => ({ id: held.resource.conversation_id, held })));
      await users.bulkPut([...changes.users]);
    });
  }

  async clear(): Promise<void> {
    const { header, conversations, users } = this.#database;
    await this.#database.transaction('rw', header, conversations, users, async () => {
      await Promise.all([header.clear(), conversations.clear(), users.clear()]);
    });
  }
}

export class IndexedDbTokenStorage implements TokenStorage {
  readonly #database: ClientDatabase;

  constructor(database: ClientDatabase) {
    this.#database = database;
  }
  async load(): Promise<StoredSession | undefined> {
    return (await this.#database.session.get('only'))?.value;
  }
  async save(session: StoredSession): Promise<void> {
    await this.#database.session.put({ key: 'only', value: session });
  }
  async clear(): Promise<void> {
    await this.#database.session.clear();
  }
  /** Across all tabs of the profile. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    // The DOM types flatten the promise of the callback into `any`-like unions; awaiting it gives the callback's own type back.
    return await navigator.locks.request(`${this.#database.name} tokens`, work);
  }
}
