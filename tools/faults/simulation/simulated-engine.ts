import { StoreError, type Stores, type UserLogEntry } from '@parley/core';
import { openMemoryStores } from '@parley/memory';
import type { OwnedClock } from './simulation-clock.ts';
import { never, type World } from './world.ts';

type PortName = keyof Stores;

/** The verbs that change something: they wait for the next commit. Everything else reads. */
const WRITES: Readonly<Record<PortName, readonly string[]>> = {
  messageLog: ['append'],
  conversationStore: ['create', 'update'],
  membershipStore: ['add', 'remove', 'changeRole', 'moveCursors', 'changeSettings'],
  userLog: ['hideMessage'],
  accountStore: ['create', 'update', 'setAdmin', 'touchLastSeen', 'erase', 'eraseNext'],
  deviceStore: ['create', 'revoke', 'rotate'],
  keyBundleStore: ['put', 'take'],
  mailbox: ['put', 'acknowledge'],
  placeStore: ['decide', 'invite', 'withdraw', 'redeem', 'giveBack'],
};

type Verb = (...args: unknown[]) => Promise<unknown>;

interface PendingWrite {
  readonly verb: string;
  readonly owner: Owner;
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

interface Owner {
  readonly clock: OwnedClock;
  onAppended: (entries: readonly UserLogEntry[]) => void;
}

const COMMIT_MS_MAX = 4;
const SLOW_MS_MAX = 3_000;

const failure = (applied: 'no' | 'unknown'): StoreError =>
  new StoreError('The simulated store failed.', { applied, retryable: true });

/**
 * One store engine for all nodes: the memory stores behind a commit that takes time. A write is visible and answered only after its commit; a crash of the
 * engine loses everything that waits for one. It fails before a commit (nothing happened) or after it (nobody is told), and is slow.
 */
export class SimulatedEngine {
  /** What is durable. */
  readonly durable: Stores;
  readonly #world: World;
  #waiting: PendingWrite[] = [];
  #isScheduled = false;
  #isDown = false;
  #writer: Owner | undefined;
  commits = 0;

  constructor(world: World) {
    this.#world = world;
    this.durable = openMemoryStores({ epoch: 'simulated' });
    // The memory engine announces one verb at a time here, so the writer of an announcement is known.
    this.durable.userLog.onAppended((entries) => {
      if (this.#writer !== undefined && !this.#writer.clock.isDead) this.#writer.onAppended(entries);
    });
  }

  /** The stores as one node has them: with the node their calls end. */
  storesFor(clock: OwnedClock): Stores {
    const owner: Owner = { clock, onAppended: () => undefined };
    const port = (name: PortName): unknown => {
      // The cast holds: ports are records of verbs.
      const inner = this.durable[name] as unknown as Record<string, Verb>;
      const verbs: Record<string, unknown> = {};
      for (const verb of verbsOf(inner)) verbs[verb] = (...args: unknown[]) => this.#call(owner, name, verb, args);
      if (name === 'userLog')
        verbs.onAppended = (listener: Owner['onAppended']) => {
          owner.onAppended = listener;
        };
      return verbs;
    };
    // The cast holds: each port gets all verbs of the memory port of the same name.
    return Object.fromEntries(Object.keys(WRITES).map((name) => [name, port(name as PortName)])) as unknown as Stores;
  }

  /** Loses what waits for its commit, and answers nothing until `recover`. */
  crash(): void {
    this.#isDown = true;
    const lost = this.#waiting;
    this.#waiting = [];
    for (const { reject } of lost) reject(failure('unknown'));
  }

  recover(): void {
    this.#isDown = false;
  }

  #call(owner: Owner, name: PortName, verb: string, args: unknown[]): Promise<unknown> {
    if (owner.clock.isDead) return never();
    if (this.#isDown) return Promise.reject(failure('no'));
    // The cast holds: as in storesFor.
    const inner = this.durable[name] as unknown as Record<string, Verb>;
    const run = (): Promise<unknown> => (inner[verb] as Verb).apply(inner, args);
    const answer = WRITES[name].includes(verb) ? this.#write(owner, verb, run) : this.#read(run);
    return whileAlive(owner, answer);
  }

  async #read(run: () => Promise<unknown>): Promise<unknown> {
    const { weather, chances, clock } = this.#world;
    const chance = chances.store;
    if (weather.storeReadFails > 0 && chance.fraction() < weather.storeReadFails) throw failure('no');
    if (weather.storeSlow > 0 && chance.fraction() < weather.storeSlow)
      await new Promise<void>((resolve) => void clock.after(chance.below(SLOW_MS_MAX), resolve));
    if (weather.storeReadMs > 0)
      await new Promise<void>((resolve) => void clock.after(chance.below(weather.storeReadMs), resolve));
    const answer = await run();
    if (weather.storeSlow > 0 && chance.fraction() < 0.3)
      await new Promise<void>((resolve) => void clock.after(chance.below(20), resolve));
    if (this.#isDown) throw failure('no');
    return answer;
  }

  #write(owner: Owner, verb: string, run: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ owner, verb, run, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      const { weather, chances, clock } = this.#world;
      const isSlow = weather.storeSlow > 0 && chances.store.fraction() < weather.storeSlow;
      clock.after(chances.store.below(isSlow ? SLOW_MS_MAX : COMMIT_MS_MAX), () => void this.#commit());
    });
  }

  /** All that waits, in one commit; each write succeeds or fails by itself. Never rejects. */
  async #commit(): Promise<void> {
    this.#isScheduled = false;
    const batch = this.#waiting;
    this.#waiting = [];
    const { weather, chances } = this.#world;
    for (const { owner, verb, run, resolve, reject } of batch) {
      const failsBefore = verb === 'moveCursors' ? weather.cursorsFail : weather.storeFailsBefore;
      if (failsBefore > 0 && chances.store.fraction() < failsBefore) {
        reject(failure('no'));
        continue;
      }
      this.#writer = owner;
      this.commits += 1;
      const result = await run();
      // The announcement of the user log follows its verb by a turn of the microtask queue.
      await Promise.resolve();
      await Promise.resolve();
      if (weather.storeFailsAfter > 0 && chances.store.fraction() < weather.storeFailsAfter) reject(failure('unknown'));
      else resolve(result);
    }
    this.#writer = undefined;
  }
}

const verbsOf = (port: object): string[] =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(port)).filter((name) => name !== 'constructor');

/** An answer that comes after its asker died is heard by nobody. */
function whileAlive<T>({ clock }: Owner, answer: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    answer.then(
      (value) => (clock.isDead ? undefined : resolve(value)),
      (error: unknown) => (clock.isDead ? undefined : reject(error)),
    );
  });
}
