import { Worker } from 'node:worker_threads';
import { StoreError } from '@parley/core';
import type { StoreFailure } from '../store-failure.ts';
import type { Answers, CommitReport, FromThread, ThreadData, ThreadRequest, ToThread } from './thread-messages.ts';

/** Functions of a thread by name: `(context, args) => result`. */
type CallTable = Readonly<Record<string, (context: never, args: never) => unknown>>;
export type ArgsOf<Calls extends CallTable, Name extends keyof Calls> = Parameters<Calls[Name]>[1];
export type ResultOf<Calls extends CallTable, Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** A full message leaves in the middle of a turn, so that the thread works while a long turn goes on. */
const REQUESTS_PER_MESSAGE = 32;

export interface LineOptions {
  readonly directory: string;
  /** Requests that wait for an answer at most; one more is refused at once. */
  readonly pendingMax: number;
  /** Whether a lost thread may have done what it was asked. */
  readonly writes: boolean;
  readonly onLost?: (error: StoreError) => void;
}

/**
 * The main thread's end of one storage thread. Requests of one turn of the event loop leave in few messages; answers come in one message a turn of the thread.
 */
export class ThreadLine<Calls extends CallTable> {
  readonly #body: URL;
  readonly #options: LineOptions;
  /** Started by the first call, or by `opened`. */
  #worker: Worker | undefined;
  /** In the order of the requests, which is that of the answers. */
  #pending: Pending[] = [];
  readonly #opened: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #exited: PromiseWithResolvers<void> = Promise.withResolvers();
  #onCommit: (report: CommitReport) => void = () => {};
  #outgoing: ThreadRequest[] = [];
  /** Why nothing can be asked any more. */
  #over: StoreError | undefined;

  constructor(body: URL, options: LineOptions) {
    this.#body = body;
    this.#options = options;
    // Whoever only calls learns of a thread that cannot open from the call.
    this.#opened.promise.catch(() => undefined);
  }

  #start(): Worker {
    const workerData: ThreadData = { directory: this.#options.directory };
    const worker = new Worker(this.#body, { workerData });
    worker.on('message', (message: FromThread) => this.#take(message));
    worker.on('error', (error) => this.#lose(error));
    worker.on('exit', () => {
      this.#lose(undefined);
      this.#exited.resolve();
    });
    return worker;
  }

  /** Resolves when the thread is ready; rejects with a StoreError when it cannot work in this directory. */
  opened(): Promise<void> {
    this.#worker ??= this.#start();
    return this.#opened.promise;
  }

  /** Called after each commit of the writer, before the promises of its requests resolve. */
  onCommit(listener: (report: CommitReport) => void): void {
    this.#onCommit = listener;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  call<Name extends keyof Calls & string>(name: Name, args: ArgsOf<Calls, Name>): Promise<ResultOf<Calls, Name>> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (this.#pending.length >= this.#options.pendingMax) return Promise.reject(overloaded(this.#options.pendingMax));
    if (this.#outgoing.length === 0) setImmediate(() => this.#send());
    this.#outgoing.push([name, args]);
    if (this.#outgoing.length >= REQUESTS_PER_MESSAGE) this.#send();
    return new Promise((resolve, reject) => {
      // The cast holds: the thread answers a name with the result of the function of that name.
      this.#pending.push({ resolve: resolve as Pending['resolve'], reject });
    });
  }

  /** Refuses what is asked from now on; resolves when all that was asked before is answered and the thread is gone. */
  async close(): Promise<void> {
    const isNew = this.#over === undefined;
    this.#over ??= closed();
    if (isNew) this.#send();
    // Nothing was ever asked of it.
    if (this.#worker === undefined) return;
    if (isNew) this.#post({ type: 'close' });
    await this.#exited.promise;
  }

  #send(): void {
    if (this.#outgoing.length === 0) return;
    const requests = this.#outgoing;
    this.#outgoing = [];
    this.#post({ type: 'requests', requests });
  }

  #post(message: ToThread): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #take(message: FromThread): void {
    switch (message.type) {
      case 'open':
        return this.#opened.resolve();
      case 'refused':
        this.#over = storeErrorOf(message.failure);
        return this.#opened.reject(this.#over);
      case 'answers':
        if (message.commit !== undefined) this.#onCommit(message.commit);
        return this.#settle(message);
      case 'closed':
        return;
    }
  }

  #settle({ values, failures }: Answers): void {
    const answered = this.#pending.splice(0, values.length);
    for (const [place, failure] of failures) answered[place]?.reject(storeErrorOf(failure));
    // Of those that were rejected this changes nothing.
    answered.forEach((pending, place) => pending.resolve(values[place]));
  }

  /** The thread is gone, as asked or not. Whatever it has not answered is not known to be done. */
  #lose(cause: unknown): void {
    const lost = new StoreError(
      'A storage thread of this server has stopped. Restart the server; what was acknowledged is safe.',
      { applied: this.#options.writes ? 'unknown' : 'no', retryable: true, cause },
    );
    this.#opened.reject(lost);
    if (this.#over === undefined) {
      this.#over = new StoreError(`${lost.message} Nothing was stored.`, { applied: 'no', retryable: true, cause });
      this.#options.onLost?.(lost);
    }
    const unanswered = this.#pending;
    this.#pending = [];
    for (const { reject } of unanswered) reject(lost);
  }
}

function storeErrorOf({ message, applied, retryable, cause }: StoreFailure): StoreError {
  return new StoreError(message, { applied, retryable, cause });
}

const closed = (): StoreError =>
  new StoreError('The store is closed because the server is stopping. Nothing was stored; try again later.', {
    applied: 'no',
    retryable: true,
  });

const overloaded = (pendingMax: number): StoreError =>
  new StoreError(
    `The store has ${pendingMax} requests waiting and took no more. Nothing was stored; try again later.`,
    {
      applied: 'no',
      retryable: true,
    },
  );
