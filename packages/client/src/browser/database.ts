import type { User } from '@parley/protocol';
import type { StoredSession } from '../api/token-storage.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { StoredHeader } from '../storage/state-storage.ts';
import type { HeldConversation } from '../store/state.ts';

/** Stores with one row. */
interface Single<T> {
  readonly key: 'only';
  readonly value: T;
}

interface StoredConversation {
  readonly id: string;
  readonly held: HeldConversation;
}

/** Who holds a lease. `fence` grows with each who takes it. */
export interface LeaseRow {
  readonly name: string;
  /** Null: it was given back. */
  readonly holder: string | null;
  readonly fence: number;
}

interface Rows {
  readonly outbox: OutboxRow;
  readonly conversations: StoredConversation;
  readonly users: User;
  readonly header: Single<StoredHeader>;
  readonly session: Single<StoredSession>;
  /** Only where there are no Web Locks. */
  readonly leases: LeaseRow;
}

export type StoreName = keyof Rows;

const KEYS: Readonly<Record<StoreName, string>> = {
  outbox: 'clientMsgId',
  conversations: 'id',
  users: 'user_id',
  header: 'key',
  session: 'key',
  leases: 'name',
};

/** Raised with each new store or index. The first ones were counted in tens. */
const VERSION = 20;

/** One store within a transaction. What cannot be written ends the transaction, which then throws. */
export interface Store<Row> {
  get(key: string): Promise<Row | undefined>;
  /** By key, or by the index. */
  all(index?: 'order'): Promise<Row[]>;
  put(...rows: readonly Row[]): void;
  delete(...keys: readonly string[]): void;
  clear(): void;
}

export type Stores = <Name extends StoreName>(name: Name) => Store<Rows[Name]>;

/** What a client keeps in IndexedDB. All tabs of a browser profile share one. */
export class ClientDatabase {
  readonly name: string;
  #opening: Promise<IDBDatabase> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** One view of several stores. `work` waits for nothing but them: else the transaction ends without it. */
  read<T>(names: readonly StoreName[], work: (stores: Stores) => Promise<T>): Promise<T> {
    return this.#run('readonly', names, work);
  }

  /** All that `work` writes, or nothing. Resolves when it survives a crash; writes to the same store come one after the other, also those of other tabs. */
  write<T>(names: readonly StoreName[], work: (stores: Stores) => Promise<T> | T): Promise<T> {
    return this.#run('readwrite', names, work);
  }

  async #run<T>(
    mode: IDBTransactionMode,
    names: readonly StoreName[],
    work: (stores: Stores) => Promise<T> | T,
  ): Promise<T> {
    const transaction = await this.#begin(mode, names);
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The write was ended.', 'AbortError'));
    });
    // Told below; until then nobody waits for it.
    ended.catch(() => undefined);
    try {
      const result = await work(storesOf(transaction));
      // Nothing more comes: without this the browser asks the page once more before it writes.
      if (mode === 'readwrite') transaction.commit();
      await ended;
      return result;
    } catch (error) {
      undo(transaction);
      throw error;
    }
  }

  async #begin(mode: IDBTransactionMode, names: readonly StoreName[]): Promise<IDBTransaction> {
    // Strict: a resolved write is on the disk, not in a buffer that a power cut empties.
    const begin = async () => (await this.#open()).transaction(names, mode, { durability: 'strict' });
    try {
      return await begin();
    } catch (error) {
      // Closed for a newer version of the app, or by the browser: the next try opens it again.
      if (!(error instanceof DOMException && error.name === 'InvalidStateError' && this.#opening !== undefined))
        throw error;
      this.#opening = undefined;
      return begin();
    }
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= opened(this.name, () => {
      this.#opening = undefined;
    }).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }
}

async function opened(name: string, onClosed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => createMissing(request);
  const database = await answerOf(request);
  database.onversionchange = () => {
    onClosed();
    database.close();
  };
  database.onclose = onClosed;
  return database;
}

function createMissing({ result: database }: IDBOpenDBRequest): void {
  for (const [store, keyPath] of Object.entries(KEYS)) {
    if (database.objectStoreNames.contains(store)) continue;
    const created = database.createObjectStore(store, { keyPath });
    if (store === 'outbox') created.createIndex('order', 'order');
  }
}

const storesOf =
  (transaction: IDBTransaction): Stores =>
  (name) => {
    const store = transaction.objectStore(name);
    return {
      // The casts hold: only `put` below writes rows, and it takes no others.
      get: (key) => answerOf(store.get(key) as IDBRequest<Rows[typeof name] | undefined>),
      all: (index) =>
        answerOf((index === undefined ? store : store.index(index)).getAll() as IDBRequest<Rows[typeof name][]>),
      put: (...rows) => {
        for (const row of rows) store.put(row);
      },
      delete: (...keys) => {
        for (const key of keys) store.delete(key);
      },
      clear: () => void store.clear(),
    };
  };

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('No answer came.', 'UnknownError'));
  });
}

function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already, which may be what went wrong.
  }
}
