import type { Command, Notice, ServerFrame } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';

/** An answer to a command: it names the command's id. */
export type Reply = Extract<Notice, { re?: number | undefined }>;

/** A command that is answered, before it has its number. */
export type Asking = Command extends infer C ? (C extends { id: number } ? Omit<C, 'id'> : never) : never;

const ID_MAX = 4_294_967_295;

/** The commands of one connection that wait for their answer. `lost`: no answer will come; whether the command was done is unknown (S10). */
export class Replies {
  readonly #environment: Pick<ClientEnvironment, 'after'>;
  readonly #timeoutMs: number;
  readonly #onOverdue: () => void;
  readonly #waiting = new Map<number, (reply: Reply | 'lost') => void>();
  #lastId = 0;

  /** `onOverdue`: an answer did not come in time; the connection is to be given up. */
  constructor(environment: Pick<ClientEnvironment, 'after'>, timeoutMs: number, onOverdue: () => void) {
    this.#environment = environment;
    this.#timeoutMs = timeoutMs;
    this.#onOverdue = onOverdue;
  }

  ask(command: Asking, send: (command: Command) => void): Promise<Reply | 'lost'> {
    this.#lastId = (this.#lastId % ID_MAX) + 1;
    const id = this.#lastId;
    const cancelDeadline = this.#environment.after(this.#timeoutMs, this.#onOverdue);
    return new Promise((resolve) => {
      this.#waiting.set(id, (reply) => {
        cancelDeadline();
        resolve(reply);
      });
      // The cast holds: Asking is a command without its id.
      send({ ...command, id } as Command);
    });
  }

  /** Answers the command that the frame names, if it names one. */
  settle(frame: ServerFrame): void {
    if (!('re' in frame) || frame.re === undefined) return;
    const answer = this.#waiting.get(frame.re);
    this.#waiting.delete(frame.re);
    answer?.(frame);
  }

  lose(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const answer of waiting) answer('lost');
  }
}
