import { makeUuid } from '../environment.ts';
import { NotWriterError } from '../storage/state-storage.ts';
import type { ClientDatabase, StoreName, Stores } from './database.ts';

/** `asked` and `held`: is it alive, who holds it under this fence? `taken` and `free`: it changed hands. */
interface LeaseMessage {
  readonly type: 'asked' | 'held' | 'taken' | 'free';
  readonly fence: number;
}

/** Who does not answer for so long is taken for dead. Wrong guesses cost a new connection, nothing else. */
const ANSWER_MS = 1_000;
/** Who waits hears at once of a lease that is given back; that its holder has died is found out by asking so often. */
const ASK_EVERY_MS = 3_000;

/**
 * A lock among the tabs of a browser profile for pages without a secure origin, where there are no Web Locks. That a tab lives is seen by asking it over a
 * BroadcastChannel, so no clock and no timer decides. What makes it safe is the fence: each write is made in one transaction with a look at who holds the lease,
 * and taking it is a transaction of the same store. A tab that was frozen, was taken for dead and wakes in the middle of a write finds that out in that write.
 */
export class Lease {
  readonly #database: ClientDatabase;
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #holder = makeUuid();
  #fence: number | undefined;
  /** Called with what is heard, by those who wait for something. */
  readonly #listeners = new Set<(message: LeaseMessage) => void>();
  #onLost: (() => void) | undefined;
  #isClosed = false;

  constructor(database: ClientDatabase, name: string) {
    this.#database = database;
    this.#name = name;
    this.#channel = new BroadcastChannel(`${database.name} ${name} lease`);
    this.#channel.addEventListener('message', (event: MessageEvent<LeaseMessage>) => this.#heard(event.data));
  }

  #heard(message: LeaseMessage): void {
    if (message.type === 'asked' && message.fence === this.#fence) this.#post('held', message.fence);
    if (message.type === 'taken' && this.#fence !== undefined && message.fence > this.#fence) this.#lose();
    for (const listener of [...this.#listeners]) listener(message);
  }

  #post(type: LeaseMessage['type'], fence: number): void {
    const message: LeaseMessage = { type, fence };
    if (!this.#isClosed) this.#channel.postMessage(message);
  }

  /** Resolves when this tab holds the lease, or with false when it is closed before. `onLost`: another tab has taken it. */
  async acquire(onLost: () => void, askEveryMs = ASK_EVERY_MS): Promise<boolean> {
    while (!this.#isClosed) {
      if (await this.#tryToTake()) {
        this.#onLost = onLost;
        return true;
      }
      await this.#hears((message) => message.type === 'free', askEveryMs);
    }
    return false;
  }

  async #tryToTake(): Promise<boolean> {
    const seen = await this.#database.read(['leases'], (stores) => stores('leases').get(this.#name));
    if (typeof seen?.holder === 'string' && (await this.#isAlive(seen.fence))) return false;
    if (this.#isClosed) return false;
    const fence = (seen?.fence ?? 0) + 1;
    const isTaken = await this.#database.write(['leases'], async (stores) => {
      const leases = stores('leases');
      // Of several who found the holder dead, or the lease free, one is first.
      if ((await leases.get(this.#name))?.fence !== seen?.fence) return false;
      leases.put({ name: this.#name, holder: this.#holder, fence });
      return true;
    });
    if (!isTaken) return false;
    this.#fence = fence;
    this.#post('taken', fence);
    return true;
  }

  #isAlive(fence: number): Promise<boolean> {
    const answer = this.#hears((message) => message.fence === fence && message.type === 'held', ANSWER_MS);
    this.#post('asked', fence);
    return answer;
  }

  /** Whether such a message comes in time. */
  #hears(isIt: (message: LeaseMessage) => boolean, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (hasCome: boolean) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(hasCome);
      };
      const listener = (message: LeaseMessage) => {
        if (isIt(message)) end(true);
      };
      const timer = setTimeout(() => end(false), withinMs);
      this.#listeners.add(listener);
    });
  }

  /**
   * Writes in a transaction in which this tab still holds the lease. Throws NotWriterError, with nothing written, when another tab has it: what
   * this one knows may be older than what is stored.
   */
  async write(names: readonly StoreName[], work: (stores: Stores) => void): Promise<void> {
    const fence = this.#fence;
    try {
      await this.#database.write([...names, 'leases'], async (stores) => {
        const row = await stores('leases').get(this.#name);
        if (fence === undefined || row?.fence !== fence) throw new NotWriterError();
        work(stores);
      });
    } catch (error) {
      if (error instanceof NotWriterError && fence === this.#fence) this.#lose();
      throw error;
    }
  }

  #lose(): void {
    const onLost = this.#onLost;
    this.#fence = undefined;
    this.#onLost = undefined;
    onLost?.();
  }

  /** Gives it back, so that another tab need not find out that this one is gone. */
  release(): void {
    const fence = this.#fence;
    if (fence === undefined) return;
    this.#fence = undefined;
    const isGiven = this.#database.write(['leases'], async (stores) => {
      const leases = stores('leases');
      if ((await leases.get(this.#name))?.fence === fence) leases.put({ name: this.#name, holder: null, fence });
    });
    // Who hears of it reads the row after this transaction. If it fails, asking helps as after a death.
    isGiven.catch(() => undefined);
    this.#post('free', fence);
  }

  close(): void {
    this.release();
    this.#isClosed = true;
    this.#channel.close();
  }
}
