import type { OutboxRow } from '../outbox/outbox-row.ts';
import type { OutboxStorage } from '../outbox/outbox-storage.ts';
import { LineFile } from './line-file.ts';

type Line = { readonly put: OutboxRow } | { readonly remove: string };

/** The outbox in a file: each change is a line that is on the disk before it counts. One process at a time. */
export class FileOutboxStorage implements OutboxStorage {
  readonly #file: LineFile;
  readonly #rows: Map<string, OutboxRow>;

  private constructor(file: LineFile, rows: Map<string, OutboxRow>) {
    this.#file = file;
    this.#rows = rows;
  }

  static async open(path: string): Promise<FileOutboxStorage> {
    const { file, values } = await LineFile.open(path);
    const rows = new Map<string, OutboxRow>();
    // The cast holds: these lines were written by `put` and `remove` below.
    for (const line of values as Line[]) {
      if ('put' in line) rows.set(line.put.clientMsgId, line.put);
      else rows.delete(line.remove);
    }
    return new FileOutboxStorage(file, rows);
  }

  async put(row: OutboxRow): Promise<void> {
    const line: Line = { put: row };
    await this.#file.append(line);
    this.#rows.set(row.clientMsgId, row);
  }

  async remove(clientMsgId: string): Promise<void> {
    if (!this.#rows.has(clientMsgId)) return;
    const line: Line = { remove: clientMsgId };
    await this.#file.append(line);
    this.#rows.delete(clientMsgId);
    if (this.#file.isStale(this.#rows.size))
      await this.#file.replace(() => [...this.#rows.values()].map((row): Line => ({ put: row })));
  }

  async list(): Promise<readonly OutboxRow[]> {
    return [...this.#rows.values()].sort((one, other) => one.order - other.order);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
