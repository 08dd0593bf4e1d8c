import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FilledBuckets, Histogram } from '../measure/histogram.ts';
import { openFilesMax } from '../measure/machine.ts';
import type { Dialect, OpenOrder, Order, Report, Seat, Tally, Work } from './plan.ts';

const DRIVER = fileURLToPath(new URL('../driver-main.ts', import.meta.url));
/** Files that a driver process needs beside its connections. */
const FILES_BESIDE = 200;
/** Longest time without any report while one is awaited: a stuck run ends with a sentence instead of never. */
const SILENCE_MAX_MS = 60_000;

type ReportOf<K extends Report['kind']> = Extract<Report, { kind: K }>;

/** Where the connections go. */
export interface FleetTarget {
  readonly url: string;
  readonly codec: Dialect;
  readonly textBytes: number;
}

/** What all driver processes counted together. */
export interface FleetTally {
  readonly seconds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly completed: number;
  readonly bytesIn: number;
  readonly acknowledgedUs: FilledBuckets;
  readonly deliveredUs: FilledBuckets;
  readonly completedUs: FilledBuckets;
  readonly cpuSeconds: number;
  /** Answers that never came: 0, or the figures are worth nothing. */
  readonly unanswered: number;
}

/** How many driver processes so many connections need: each takes up to what the limit of open files allows. */
export const processesFor = (connections: number, atLeast = 1): number =>
  Math.max(atLeast, Math.ceil(connections / (openFilesMax() - FILES_BESIDE)));

/**
 * V8 marks a heap of 40 MiB anew whenever it has grown by a few; with 5,000 connections that took both cores for 60 to 140 ms every 3.4 s, and server and floor waited. An old heap that is
 * allowed 512 MiB from the start is not marked within a run.
 */
const HEAP = '--initial-old-space-size=512';

/** One driver process as the bench sees it. */
class Member {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<Report['kind'], (report: Report) => void>();
  #failed: ((error: Error) => void) | undefined;
  #problem: Error | undefined;
  pulse = { completed: 0, delivered: 0 };

  constructor() {
    this.#child = fork(DRIVER, {
      execArgv: [...process.execArgv, HEAP],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (report: Report) => this.#take(report));
    this.#child.once('exit', (code, signal) => this.#fail(`A driver process ended with ${code ?? signal}.`));
  }

  /** Sends an order and resolves with the report that answers it. */
  ask<K extends Report['kind']>(order: Order, answer: K): Promise<ReportOf<K>> {
    if (this.#problem !== undefined) return Promise.reject(this.#problem);
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () => this.#fail(`A driver process did not answer "${order.kind}".`),
        SILENCE_MAX_MS * 5,
      );
      const settle = (): void => clearTimeout(deadline);
      this.#failed = (error) => {
        settle();
        reject(error);
      };
      this.#waiting.set(answer, (report) => {
        settle();
        // The cast holds: it was filed under the kind of the report.
        resolve(report as ReportOf<K>);
      });
      this.#child.send(order);
    });
  }

  get problem(): Error | undefined {
    return this.#problem;
  }

  kill(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }

  #take(report: Report): void {
    if (report.kind === 'failed') return this.#fail(report.problem);
    if (report.kind === 'pulse') {
      this.pulse = report;
      return;
    }
    const waiting = this.#waiting.get(report.kind);
    this.#waiting.delete(report.kind);
    waiting?.(report);
  }

  #fail(problem: string): void {
    this.#problem ??= new Error(problem);
    this.#failed?.(this.#problem);
  }
}

/** The driver processes of one measurement. Seats are dealt out in runs of neighbours, so that seats that belong together stay in one process. */
export class Fleet {
  readonly #members: readonly Member[];

  constructor(processes: number) {
    this.#members = Array.from({ length: processes }, () => new Member());
  }

  /** Opens all connections; `together`: so many neighbours stay in one process. Resolves with the seconds that it took. */
  async open(seats: readonly Seat[], { url, codec, textBytes }: FleetTarget, together = 2): Promise<number> {
    const { hostname, port } = new URL(url);
    const groups = Math.ceil(seats.length / together);
    const share = Math.ceil(groups / this.#members.length) * together;
    const opened = this.#members.map((member, index) => {
      const part = seats.slice(index * share, (index + 1) * share);
      const order: OpenOrder = { kind: 'open', host: hostname, port: Number(port), codec, textBytes, seats: part };
      return member.ask(order, 'opened');
    });
    return Math.max(...(await Promise.all(opened)).map(({ seconds }) => seconds));
  }

  start(work: Work): Promise<unknown> {
    const share = work.kind === 'open' ? { ...work, perSecond: work.perSecond / this.#members.length } : work;
    return this.#all({ kind: 'start', work: share }, 'started');
  }

  measure(): Promise<unknown> {
    return this.#all({ kind: 'measure' }, 'measuring');
  }

  async finish(): Promise<FleetTally> {
    const reports = await this.#all({ kind: 'finish' }, 'finished');
    const tallies = reports.map(({ tally }) => tally);
    const sum = (pick: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + pick(tally), 0);
    return {
      seconds: sum(({ seconds }) => seconds) / tallies.length,
      sent: sum(({ sent }) => sent),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      delivered: sum(({ delivered }) => delivered),
      completed: sum(({ completed }) => completed),
      bytesIn: sum(({ bytesIn }) => bytesIn),
      acknowledgedUs: Histogram.of(...tallies.map((tally) => tally.acknowledgedUs)).filled(),
      deliveredUs: Histogram.of(...tallies.map((tally) => tally.deliveredUs)).filled(),
      completedUs: Histogram.of(...tallies.map((tally) => tally.completedUs)).filled(),
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      unanswered: reports.reduce((total, { unanswered }) => total + unanswered, 0),
    };
  }

  /** Messages completed and delivered so far in this measurement: for the progress line. */
  pulse(): { readonly completed: number; readonly delivered: number } {
    return this.#members.reduce(
      (sum, { pulse }) => ({ completed: sum.completed + pulse.completed, delivered: sum.delivered + pulse.delivered }),
      { completed: 0, delivered: 0 },
    );
  }

  /** The first thing that went wrong in any process, undefined while all is well. */
  problem(): Error | undefined {
    return this.#members.find(({ problem }) => problem !== undefined)?.problem;
  }

  /** Ends the processes and with them their connections. */
  end(): void {
    for (const member of this.#members) member.kill();
  }

  #all<K extends Report['kind']>(order: Order, answer: K): Promise<ReportOf<K>[]> {
    return Promise.all(this.#members.map((member) => member.ask(order, answer)));
  }
}
