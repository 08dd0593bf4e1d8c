import { type ConversationId, LIMITS, type ReceiptKind, type UserId } from '@parley/protocol';
import type { Core } from '../core.ts';
import { applyCursorMoves, type CursorClaim } from '../receipts/apply-cursor-moves.ts';

type Used = Pick<Core, 'membershipStore' | 'accountStore' | 'broker' | 'clock' | 'log' | 'settings'>;

/** So many fit into one frame as well. */
const CLAIMS_PER_COMMIT = LIMITS.cursorsPerFrameMax;

/**
 * RCPT-2: collects the cursor moves of a node's connections and applies them together every `receiptMergeMs`, so that a busy reader costs one
 * write, and all readers of a conversation one event. Moves that do not fit or cannot be stored are dropped: clients repeat them.
 */
export class ReceiptMerger {
  readonly #core: Used;
  #pending = new Map<string, CursorClaim>();
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #dropped = 0;

  constructor(core: Used) {
    this.#core = core;
  }

  /** Moves that were dropped since the start. */
  get droppedCount(): number {
    return this.#dropped;
  }

  /** Takes a move; the greatest of each cursor counts. Never refuses: whoever is no member moves nothing. */
  add(userId: UserId, conversationId: ConversationId, kind: ReceiptKind, upTo: number): void {
    const key = `${userId} ${conversationId}`;
    const known = this.#pending.get(key);
    if (known === undefined && this.#pending.size >= this.#core.settings.receiptsPendingMax) {
      this.#dropped += 1;
      return;
    }
    const field = kind === 'read' ? 'readUpTo' : 'deliveredUpTo';
    const farthest = Math.max(upTo, known?.[field] ?? 0);
    this.#pending.set(key, { ...(known ?? { userId, conversationId }), [field]: farthest });
    this.#cancelTimer ??= this.#core.clock.after(this.#core.settings.receiptMergeMs, () => {
      this.#cancelTimer = undefined;
      void this.flush();
    });
  }

  /** Applies all that waits; resolves when it is durable or dropped. One flush at a time. For drain, call it after the last `add`. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#flushing = this.#flushing.then(() => this.#applyPending());
    return this.#flushing;
  }

  async #applyPending(): Promise<void> {
    const claims = [...this.#pending.values()];
    this.#pending = new Map();
    for (let from = 0; from < claims.length; from += CLAIMS_PER_COMMIT) {
      const batch = claims.slice(from, from + CLAIMS_PER_COMMIT);
      try {
        await applyCursorMoves(this.#core, batch);
      } catch (error) {
        this.#dropped += batch.length;
        this.#core.log.warn('receipts.not_stored', { count: batch.length, error });
      }
    }
  }
}
