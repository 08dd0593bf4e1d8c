import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HistoryLine, UntimedLine } from '../checker/history.ts';
import type { Answer, DevicePlan, ProcessPlan, Request } from './device-messages.ts';
import { within } from './within.ts';

const PROGRAM = fileURLToPath(new URL('./device-process.ts', import.meta.url));
/** A device that was killed has written down what is older: it is not killed right after it was frozen for long. */
const SAVED_WITHIN_MS = 6_000;
const READY_WITHIN_MS = 30_000;
/** Loading reads every page of every conversation; an HTTP call that gets no answer is given up by the SDK after 30 s. */
const ANSWER_WITHIN_MS: Readonly<Record<Request['do'], number>> = {
  work: 20_000,
  pause: 20_000,
  online: 20_000,
  burst: 20_000,
  unfinished: 60_000,
  load: 120_000,
  view: 20_000,
  close: 30_000,
  describe: 5_000,
};
const GONE_WITHIN_MS = 10_000;
const DESCRIBED = 'answered "describe"';

interface Waiting {
  readonly what: string;
  resolve(lines: readonly string[]): void;
  reject(error: Error): void;
}

export interface GroupParts {
  readonly number: number;
  readonly folder: string;
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  readonly users: ProcessPlan['users'];
  readonly canErase: boolean;
  write(line: UntimedLine): void;
}

/** A process with a few devices, in one life after the other. Every wait for it has an end: what does not come is an error that says what was waited for. */
export class DeviceGroup {
  readonly parts: GroupParts;
  #life = 0;
  #child: ChildProcess | undefined;
  #isWorking = false;
  /** By the number of the order; 0 is the start. */
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(parts: GroupParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    const { number, folder, seed, devices, users, canErase } = this.parts;
    this.#life += 1;
    const plan: ProcessPlan = {
      devices,
      users,
      canErase,
      seed: seed + this.#life * 1_000,
      life: this.#life,
      firstOp: number * 100_000_000 + this.#life * 1_000_000,
      historyFile: this.#historyOf(this.#life, folder),
    };
    const child = fork(PROGRAM, [JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    child.once('exit', (code, signal) => {
      // Whoever waits for an answer of the dead gets none.
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { what, reject } of waiting)
        reject(new Error(`The process of device group ${number} ended with ${code ?? signal} before it had ${what}.`));
    });
    child.on('message', ({ id, lines }: Answer) => {
      this.#waiting.get(id)?.resolve(lines);
      this.#waiting.delete(id);
    });
    await this.#answer(0, 'started', READY_WITHIN_MS);
    if (this.#isWorking) await this.ask({ do: 'work' });
  }

  async setWorking(isWorking: boolean): Promise<void> {
    this.#isWorking = isWorking;
    await this.ask({ do: isWorking ? 'work' : 'pause' });
  }

  async ask(request: Request): Promise<readonly string[]> {
    const what = `answered "${request.do}"`;
    const child = this.#child;
    if (child === undefined || !child.connected)
      throw new Error(`The process of device group ${this.parts.number} is gone and cannot have ${what}.`);
    this.#asked += 1;
    const id = this.#asked;
    const answer = this.#answer(id, what, ANSWER_WITHIN_MS[request.do]);
    child.send({ id, request }, (error) => {
      if (error === null) return;
      this.#waiting.get(id)?.reject(error);
      this.#waiting.delete(id);
    });
    return await answer;
  }

  #answer(id: number, what: string, limitMs: number): Promise<readonly string[]> {
    const answer = new Promise<readonly string[]>((resolve, reject) =>
      this.#waiting.set(id, { what, resolve, reject }),
    );
    return within(limitMs, answer, async () => {
      this.#waiting.delete(id);
      // A look at what it is doing must not wait for ever either, and not look again.
      const state =
        what === DESCRIBED
          ? ['nothing: it takes no orders']
          : await this.ask({ do: 'describe' }).catch((error: unknown) => [String(error)]);
      return `Device group ${this.parts.number} (life ${this.#life}) has not ${what}. Its devices say: ${state.join('; ')}`;
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** SIGKILL; everything that its disk has stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
    await within(GONE_WITHIN_MS, gone, () => `Device group ${this.parts.number} was killed and is still there`);
    for (const { name } of this.parts.devices)
      this.parts.write({ type: 'killed', device: name, savedWithinMs: SAVED_WITHIN_MS });
  }

  /** What all lives wrote down. */
  history(): HistoryLine[] {
    const lines: HistoryLine[] = [];
    for (let life = 1; life <= this.#life; life += 1)
      // The cast holds: the process wrote it. A kill may have cut its last line.
      for (const text of readFileSync(this.#historyOf(life, this.parts.folder), 'utf8').split('\n'))
        if (text.endsWith('}')) lines.push(JSON.parse(text) as HistoryLine);
    return lines;
  }

  #historyOf(life: number, folder: string): string {
    return join(folder, `history-${this.parts.number}-${life}`);
  }
}
