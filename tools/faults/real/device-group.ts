import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HistoryLine, UntimedLine } from '../checker/history.ts';
import type { Answer, DevicePlan, ProcessPlan, Request } from './device-messages.ts';

const PROGRAM = fileURLToPath(new URL('./device-process.ts', import.meta.url));
/** A device that was killed has written down what is older: it is not killed right after it was frozen for long. */
const SAVED_WITHIN_MS = 6_000;

export interface GroupParts {
  readonly number: number;
  readonly folder: string;
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  readonly users: ProcessPlan['users'];
  readonly canErase: boolean;
  write(line: UntimedLine): void;
}

/** A process with a few devices, in one life after the other. */
export class DeviceGroup {
  readonly parts: GroupParts;
  #life = 0;
  #child: ChildProcess | undefined;
  #isWorking = false;
  readonly #waiting = new Map<number, (lines: readonly string[]) => void>();
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
    const ready = new Promise<void>((resolve, reject) => {
      this.#waiting.set(0, () => resolve());
      child.once('exit', (code, signal) => {
        reject(new Error(`A process of devices ended with ${code ?? signal}.`));
        // Whoever waits for an answer of the dead gets none.
        for (const resolveAnswer of this.#waiting.values()) resolveAnswer([]);
        this.#waiting.clear();
      });
    });
    child.on('message', ({ id, lines }: Answer) => {
      this.#waiting.get(id)?.(lines);
      this.#waiting.delete(id);
    });
    await ready;
    if (this.#isWorking) await this.ask({ do: 'work' });
  }

  async setWorking(isWorking: boolean): Promise<void> {
    this.#isWorking = isWorking;
    await this.ask({ do: isWorking ? 'work' : 'pause' });
  }

  ask(request: Request): Promise<readonly string[]> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child?.send({ id, request });
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
    await new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
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
