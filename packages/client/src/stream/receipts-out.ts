import type { Command, ConversationId } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import type { ClientState, HeldConversation } from '../store/state.ts';
import type { Store } from '../store/store.ts';

type Receipt = Extract<Command, { type: 'delivery_receipt' | 'read_receipt' }>;

/** Receipts of quick successive moves are merged into one per conversation. */
const MERGE_MS = 250;
/** A receipt has no reply, and a server whose store fails drops it: what has not moved a cursor by then is told again. */
const REPEAT_MS = 10_000;

/**
 * Tells the server how far this device is. Delivered only what is durable here; read what was marked. A receipt has no reply: it is repeated, on
 * this connection and the next ones, until the cursor has moved.
 */
export class ReceiptsOut {
  readonly #environment: Pick<ClientEnvironment, 'after'>;
  readonly #store: Store;
  readonly #tell: (receipt: Receipt) => void;
  /** Up to which seq this connection has been told, by receipt type and conversation. */
  readonly #told = new Map<string, number>();
  #stored: ClientState['conversations'] = {};
  #isLive = false;
  #cancelTimer: (() => void) | undefined;
  #cancelRepeat: (() => void) | undefined;

  constructor(environment: Pick<ClientEnvironment, 'after'>, store: Store, tell: (receipt: Receipt) => void) {
    this.#environment = environment;
    this.#store = store;
    this.#tell = tell;
  }

  live(): void {
    this.#isLive = true;
    this.#told.clear();
    this.#schedule();
  }

  reset(): void {
    this.#isLive = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#cancelRepeat?.();
    this.#cancelRepeat = undefined;
  }

  /** This much survives a crash of the device. */
  stored(state: ClientState): void {
    this.#stored = state.conversations;
    this.#schedule();
  }

  readMarked(): void {
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isLive || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#environment.after(MERGE_MS, () => {
      this.#cancelTimer = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const { conversations } = this.#store.getSnapshot();
    for (const conversation of Object.values(conversations)) {
      const { resource, readMark } = conversation;
      const id = resource.conversation_id;
      if (readMark !== null && readMark.upTo > resource.my.read_up_to) this.#send('read_receipt', id, readMark.upTo);
      const delivered = deliveredUpTo(this.#stored[id]);
      // "read" implies "delivered" (RCPT-1).
      if (delivered > Math.max(resource.my.delivered_up_to, readMark?.upTo ?? 0))
        this.#send('delivery_receipt', id, delivered);
    }
  }

  #send(type: Receipt['type'], id: ConversationId, upTo: number): void {
    const key = `${type} ${id}`;
    if ((this.#told.get(key) ?? 0) >= upTo) return;
    this.#told.set(key, upTo);
    this.#tell({ type, conversation_id: id, up_to: upTo });
    this.#cancelRepeat ??= this.#environment.after(REPEAT_MS, () => {
      this.#cancelRepeat = undefined;
      this.#told.clear();
      this.#flush();
    });
  }
}

/** In channels nobody is told (RCPT-2), so nothing is said. */
const deliveredUpTo = (stored: HeldConversation | undefined): number =>
  stored === undefined || stored.resource.kind === 'channel' ? 0 : (stored.resource.last_message?.seq ?? 0);
