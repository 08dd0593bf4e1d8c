import type { CommandOf, ConversationId } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';

type TypingCommand = CommandOf<'typing_start' | 'typing_stop'>;

/** The server passes it on once in 3 s (TYPE-1); it expires after 5 s. */
const INTERVAL_MS = 3_000;
const EXPIRES_MS = 5_000;

/** Tells that the user types: on each key stroke, sent once in an interval. */
export class TypingOut {
  readonly #environment: Pick<ClientEnvironment, 'now'>;
  readonly #tell: (command: TypingCommand) => void;
  #last: { readonly conversationId: ConversationId; readonly at: number } | undefined;

  constructor(environment: Pick<ClientEnvironment, 'now'>, tell: (command: TypingCommand) => void) {
    this.#environment = environment;
    this.#tell = tell;
  }

  typed(conversationId: ConversationId): void {
    const at = this.#environment.now();
    if (this.#last?.conversationId === conversationId && at - this.#last.at < INTERVAL_MS) return;
    if (this.#last?.conversationId !== conversationId) this.stopped();
    this.#last = { conversationId, at };
    this.#tell({ type: 'typing_start', conversation_id: conversationId });
  }

  /** Sent, left or cleared. What has expired need not be taken back. */
  stopped(): void {
    const last = this.#last;
    this.#last = undefined;
    if (last === undefined || this.#environment.now() - last.at >= EXPIRES_MS) return;
    this.#tell({ type: 'typing_stop', conversation_id: last.conversationId });
  }
}
