import type { OutboxRow } from './outbox-row.ts';

/** Keeps the rows of the outbox. `put` and `remove` resolve when the change survives a crash; a change is there in full or not at all. */
export interface OutboxStorage {
  /** Adds a row or replaces the one with its key. */
  put(row: OutboxRow): Promise<void>;
  /** Removing what is not there changes nothing. */
  remove(clientMsgId: string): Promise<void>;
  /** In `order`. */
  list(): Promise<readonly OutboxRow[]>;
}

/** Survives a lost connection, not the end of the process. */
export class MemoryOutboxStorage implements OutboxStorage {
  readonly #rows = new Map<string, OutboxRow>();

  async put(row: OutboxRow): Promise<void> {
    this.#rows.set(row.clientMsgId, row);
  }
  async remove(clientMsgId: string): Promise<void> {
    this.#rows.delete(clientMsgId);
  }
  async list(): Promise<readonly OutboxRow[]> {
    return [...this.#rows.values()].sort((one, other) => one.order - other.order);
  }
}
