import type { UserLogEntry } from '@parley/core';
import type { SqlConnection } from '../sql-connection.ts';
import { isEngineFailure, StoreSentence, storeFailureOf } from '../store-failure.ts';
import { type Answer, type Answers, answersOf, type ThreadRequest } from '../threads/thread-messages.ts';
import { walPages } from '../wal-pages.ts';
import { KnownLogs } from './known-logs.ts';
import { settle } from './settle.ts';
import { APART_FROM_LOGS, VERBS, type Verbs } from './verbs.ts';
import type { Write } from './write.ts';

/** 256 MiB: with more pages that wait to be copied the writer copies them itself: the checkpoint thread cannot keep up, and readers get slow. */
const WAL_PAGES_WAITING_MAX = 65_536;

interface Committed {
  readonly answers: readonly Answer[];
  readonly userLogEntries: readonly UserLogEntry[];
}

/** One failed transaction, rolled back; `during` tells whether it may be on disk all the same. */
class FailedTransaction extends Error {
  readonly during: 'statement' | 'commit';

  constructor(during: 'statement' | 'commit', cause: unknown) {
    super('A transaction failed.', { cause });
    this.during = during;
  }
}

/** Runs all requests that wait in one transaction: one sync of the disk for all of them. Answers exist only after COMMIT has returned. */
export class GroupCommit {
  readonly #connection: SqlConnection;
  readonly #directory: string;
  readonly #writerEpoch: bigint;
  readonly #known = new KnownLogs();
  #commits = 0;
  readonly #walPagesWaitingMax: number;

  constructor(connection: SqlConnection, directory: string, walPagesWaitingMax = WAL_PAGES_WAITING_MAX) {
    this.#connection = connection;
    this.#directory = directory;
    this.#walPagesWaitingMax = walPagesWaitingMax;
    this.#writerEpoch = takeOver(connection);
    // What a process before this one has left.
    connection.run('BEGIN IMMEDIATE');
    settle({ connection, known: this.#known });
    connection.run('COMMIT');
  }

  answer(requests: readonly ThreadRequest[]): Answers {
    this.#commits = 0;
    const { answers, userLogEntries } = this.#commitTogether(requests.filter(([name]) => !standsAlone(name)));
    const isSettled = this.#known.unsettled.entryCount === 0;
    const all = [...answers];
    for (const [place, request] of requests.entries())
      if (standsAlone(request[0])) all.splice(place, 0, this.#answerAlone(request));
    return answersOf(all, {
      userLogEntries,
      commits: this.#commits,
      isSettled,
      walPagesWaiting: this.#walPagesWaiting(),
    });
  }

  #answerAlone([name, args]: ThreadRequest): Answer {
    try {
      return { kind: 'value', value: name === LOOK ? this.#look(args) : verbNamed(name)(this.#write(), args) };
    } catch (error) {
      return { kind: 'failed', failure: storeFailureOf(error, 'read', this.#directory) };
    }
  }

  /** Reads behind everything that is written, without a commit, so also where the disk has no room for one. */
  #look(args: unknown): unknown {
    try {
      // What does not fit into the cache would be written.
      this.#connection.database.exec('PRAGMA cache_spill = OFF; BEGIN IMMEDIATE');
      const write = this.#write();
      settle(write);
      return verbNamed(LOOK)(write, args);
    } finally {
      this.#known.forgetAll();
      this.#connection.rollBack();
      this.#connection.database.exec('PRAGMA cache_spill = ON');
    }
  }

  /** Settles a part of what waits once that is much. A failure is found again by the next transaction or reader. */
  settleMany(): void {
    const { unsettled } = this.#known;
    if (unsettled.isMuch && !unsettled.isPassing) unsettled.beginPass();
    const logsDue = unsettled.logsDue();
    if (logsDue > 0) this.#commitTogether([[SETTLE_SOME, logsDue]]);
  }

  /** Leaves nothing undone that the next opening would have to do, if the disk has room for it. */
  close(): void {
    this.#commitTogether([[SETTLE_ALL, undefined]]);
  }

  /** When one request throws, all are rolled back and run again one by one, so that only the guilty one fails. */
  #commitTogether(requests: readonly ThreadRequest[]): Committed {
    if (requests.length === 0) return { answers: [], userLogEntries: [] };
    try {
      return this.#transaction(requests);
    } catch (error) {
      if (!(error instanceof FailedTransaction)) throw error;
      const hitsAll = error.during === 'commit' || isEngineFailure(error.cause);
      if (requests.length > 1 && !hitsAll) return this.#commitOneByOne(requests);
      const failure = storeFailureOf(error.cause, error.during, this.#directory);
      return { answers: requests.map(() => ({ kind: 'failed', failure })), userLogEntries: [] };
    }
  }

  #commitOneByOne(requests: readonly ThreadRequest[]): Committed {
    const single = requests.map((request) => this.#commitTogether([request]));
    return {
      answers: single.flatMap(({ answers }) => answers),
      userLogEntries: single.flatMap(({ userLogEntries }) => userLogEntries),
    };
  }

  #transaction(requests: readonly ThreadRequest[]): Committed {
    const write = this.#write();
    let during: 'statement' | 'commit' = 'statement';
    try {
      this.#connection.syncCommits(requests.some(([name]) => name !== SETTLE_ALL && name !== SETTLE_SOME));
      this.#connection.run('BEGIN IMMEDIATE');
      this.#checkFence();
      if (!Number.isFinite(this.#known.unsettled.entryCount)) settle(write);
      const answers = requests.map(([name, args]): Answer => {
        const verb = verbNamed(name);
        if (!isApartFromLogs(name)) settle(write);
        return { kind: 'value', value: verb(write, args) };
      });
      during = 'commit';
      this.#connection.run('COMMIT');
      this.#commits += 1;
      return { answers, userLogEntries: write.userLogEntries };
    } catch (error) {
      this.#known.forgetAll();
      this.#connection.rollBack();
      throw new FailedTransaction(during, error);
    }
  }

  #write(): Write {
    return { connection: this.#connection, known: this.#known, userLogEntries: [] };
  }

  /** S7: a writer that another one has replaced must not write. */
  #checkFence(): void {
    const row = this.#connection.one<{ writer_epoch: bigint }>('SELECT writer_epoch FROM meta');
    if (row?.writer_epoch === this.#writerEpoch) return;
    throw new StoreSentence(
      `Another server has taken over the store in ${this.#directory}. Nothing was stored. Stop this server; clients go on at the other one.`,
      { retryable: true },
    );
  }

  #walPagesWaiting(): number {
    const { waiting } = walPages(this.#connection, 'NOOP');
    return waiting <= this.#walPagesWaitingMax ? waiting : walPages(this.#connection, 'PASSIVE').waiting;
  }
}

function takeOver(connection: SqlConnection): bigint {
  const row = connection.one<{ writer_epoch: bigint }>(
    'UPDATE meta SET writer_epoch = writer_epoch + 1 RETURNING writer_epoch',
  );
  return row?.writer_epoch ?? 0n;
}

const SETTLE_ALL: keyof Verbs = 'settleAll';
const SETTLE_SOME: keyof Verbs = 'settleSome';
const LOOK: keyof Verbs = 'look';
const RENEW_WAL: keyof Verbs = 'renewWal';

/** Verbs that have no part in the transaction of a turn. */
const standsAlone = (name: string): boolean => name === LOOK || name === RENEW_WAL;

const isApartFromLogs = (name: string): boolean => (APART_FROM_LOGS as ReadonlySet<string>).has(name);

function verbNamed(name: string): (write: Write, args: unknown) => unknown {
  if (!Object.hasOwn(VERBS, name)) throw new Error(`The writer has no verb named ${name}.`);
  // The cast holds: ThreadLine.call checks name and arguments against VERBS at compile time.
  return VERBS[name as keyof typeof VERBS] as (write: Write, args: unknown) => unknown;
}
