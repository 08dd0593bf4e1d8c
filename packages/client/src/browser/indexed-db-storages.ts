import type { StoredSession, TokenStorage } from '../api/token-storage.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { OutboxStorage } from '../outbox/outbox-storage.ts';
import type { StateChanges, StateStorage, StoredState } from '../storage/state-storage.ts';
import type { ClientDatabase, Stores } from './database.ts';
import type { Lease } from './lease.ts';

/** The three storages over one IndexedDB database. Where there are no Web Locks, leases say which tab may write. */

/** A refresh takes a moment. */
const TOKENS_ASK_EVERY_MS = 250;
const STATE = ['header', 'conversations', 'users'] as const;

/** Needs no lease: a row stands for itself, any tab adds one, and sending it again changes nothing (SEND-2). */
export class IndexedDbOutboxStorage implements OutboxStorage {
  readonly #database: ClientDatabase;

  constructor(database: ClientDatabase) {
    this.#database = database;
  }
  put(row: OutboxRow): Promise<void> {
    return this.#database.write(['outbox'], (stores) => stores('outbox').put(row));
  }
  remove(clientMsgId: string): Promise<void> {
    return this.#database.write(['outbox'], (stores) => stores('outbox').delete(clientMsgId));
  }
  list(): Promise<readonly OutboxRow[]> {
    return this.#database.read(['outbox'], (stores) => stores('outbox').all('order'));
  }
}

export class IndexedDbStateStorage implements StateStorage {
  readonly #database: ClientDatabase;
  readonly #lease: Lease | undefined;

  constructor(database: ClientDatabase, lease?: Lease) {
    this.#database = database;
    this.#lease = lease;
  }

  load(): Promise<StoredState | undefined> {
    return this.#database.read(STATE, async (stores) => {
      const [header, conversations, users] = await Promise.all([
        stores('header').get('only'),
        stores('conversations').all(),
        stores('users').all(),
      ]);
      if (header === undefined) return undefined;
      return { header: header.value, conversations: conversations.map(({ held }) => held), users };
    });
  }

  /** One transaction: the place in the user's log and what it covers are never apart. */
  save(changes: StateChanges): Promise<void> {
    return this.#write((stores) => {
      stores('header').put({ key: 'only', value: changes.header });
      stores('conversations').delete(...changes.removedConversationIds);
      stores('conversations').put(
        ...changes.conversations.map((held) => ({ id: held.resource.conversation_id, held })),
      );
      stores('users').put(...changes.users);
    });
  }

  clear(): Promise<void> {
    return this.#write((stores) => {
      for (const name of STATE) stores(name).clear();
    });
  }

  #write(work: (stores: Stores) => void): Promise<void> {
    return (this.#lease ?? this.#database).write(STATE, work);
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
    return (await this.#database.read(['session'], (stores) => stores('session').get('only')))?.value;
  }
  save(session: StoredSession): Promise<void> {
    // A tab that slept over its refresh must not overwrite the tokens of one that went on meanwhile.
    const place = this.#isExclusive && this.#lease !== undefined ? this.#lease : this.#database;
    return place.write(['session'], (stores) => stores('session').put({ key: 'only', value: session }));
  }
  clear(): Promise<void> {
    return this.#database.write(['session'], (stores) => stores('session').clear());
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
