import type { CommandOf, MailboxItem } from '@parley/protocol';
import { backOffMs } from '../connection/back-off.ts';
import type { ClientEnvironment } from '../environment.ts';

/** What it does with an item must survive a crash when it resolves: then the server forgets the item. */
export type MailboxHandler = (item: MailboxItem) => Promise<void>;

export interface MailboxStreamParts {
  readonly environment: Pick<ClientEnvironment, 'after' | 'random' | 'report'>;
  tell(command: CommandOf<'mailbox_ack'>): void;
  /** More items are on the server than were taken: they come again with the next sync. */
  onOverflow(): void;
}

const WAITING_MAX = 1_000;

/** Hands the items of this device's mailbox to one handler, in order and one at a time, and acknowledges what was handled (BOX-1). */
export class MailboxStream {
  readonly #parts: MailboxStreamParts;
  #handler: MailboxHandler | undefined;
  #waiting: MailboxItem[] = [];
  #handledUpTo = 0;
  #takenUpTo = 0;
  #hasOverflown = false;
  #failures = 0;
  #isHandling = false;
  #cancelRetry: (() => void) | undefined;

  constructor(parts: MailboxStreamParts) {
    this.#parts = parts;
  }

  /** Without a handler items wait, unacknowledged. */
  handleWith(handler: MailboxHandler | undefined): void {
    this.#handler = handler;
    void this.#run();
  }

  take(item: MailboxItem): void {
    if (item.seq <= this.#takenUpTo) return;
    if (this.#waiting.length >= WAITING_MAX) {
      this.#hasOverflown = true;
      return;
    }
    this.#takenUpTo = item.seq;
    this.#waiting.push(item);
    void this.#run();
  }

  /** After the connection is gone: what was not handled comes again. */
  reset(): void {
    this.#waiting = [];
    this.#takenUpTo = this.#handledUpTo;
    this.#hasOverflown = false;
  }

  /** Another device logged in: its mailbox counts anew. */
  clear(): void {
    this.#handledUpTo = 0;
    this.reset();
  }

  async #run(): Promise<void> {
    if (this.#isHandling || this.#cancelRetry !== undefined) return;
    this.#isHandling = true;
    for (let item = this.#waiting[0]; item !== undefined && this.#handler !== undefined; item = this.#waiting[0]) {
      if (!(await this.#handle(this.#handler, item))) break;
    }
    this.#isHandling = false;
    if (this.#hasOverflown && this.#waiting.length === 0) this.#parts.onOverflow();
  }

  async #handle(handler: MailboxHandler, item: MailboxItem): Promise<boolean> {
    try {
      await handler(item);
    } catch (error) {
      this.#parts.environment.report(error);
      this.#failures += 1;
      this.#cancelRetry = this.#parts.environment.after(
        backOffMs(this.#failures, this.#parts.environment.random()),
        () => {
          this.#cancelRetry = undefined;
          void this.#run();
        },
      );
      return false;
    }
    this.#failures = 0;
    this.#handledUpTo = Math.max(this.#handledUpTo, item.seq);
    this.#takenUpTo = Math.max(this.#takenUpTo, item.seq);
    // A reset may have emptied the queue, and a sync filled it anew, while the handler was at work.
    this.#waiting = this.#waiting.filter((waiting) => waiting.seq > this.#handledUpTo);
    this.#parts.tell({ type: 'mailbox_ack', up_to: this.#handledUpTo });
    return true;
  }
}
