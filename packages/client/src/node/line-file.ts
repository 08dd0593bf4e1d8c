import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file is written anew when it holds so many more lines than things. */
const STALE_LINES_MAX = 1_000;

/**
 * A file of JSON lines that only grows, until it is replaced as a whole. A line counts when it ends: a process or machine that dies in a write
 * leaves an unfinished last line, which is cut off at the next start. Writes are one at a time and resolve when they are on the disk.
 */
export class LineFile {
  readonly #path: string;
  #file: FileHandle;
  #bytes: number;
  #lines: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, bytes: number, lines: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
    this.#lines = lines;
  }

  /** Throws when a line in the middle is no JSON: that is a damaged disk or another file, and nothing is thrown away. */
  static async open(path: string): Promise<{ readonly file: LineFile; readonly values: readonly unknown[] }> {
    const handle = await open(path, 'a+', 0o600);
    try {
      const content = await handle.readFile();
      const bytes = content.lastIndexOf(0x0a) + 1;
      const lines = content.toString('utf8', 0, bytes).split('\n').slice(0, -1);
      const values = lines.map((line, index) => parsed(line, path, index + 1));
      if (bytes < content.length) await handle.truncate(bytes);
      await syncFolder(path);
      return { file: new LineFile(path, handle, bytes, lines.length), values };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  append(value: unknown): Promise<void> {
    return this.#inTurn(async () => {
      const line = Buffer.from(`${JSON.stringify(value)}\n`);
      try {
        await this.#file.appendFile(line);
        await this.#file.datasync();
      } catch (error) {
        // Half a line must not become the beginning of the next one.
        await this.#file.truncate(this.#bytes).catch(() => undefined);
        throw error;
      }
      this.#bytes += line.length;
      this.#lines += 1;
    });
  }

  /** Whether most lines say nothing any more. */
  isStale(liveCount: number): boolean {
    return this.#lines > liveCount + STALE_LINES_MAX;
  }

  /** The whole file anew, all or nothing: a reader finds the old lines or these. */
  replace(values: () => readonly unknown[]): Promise<void> {
    return this.#inTurn(async () => {
      const lines = values();
      const content = Buffer.from(lines.map((value) => `${JSON.stringify(value)}\n`).join(''));
      const temporary = `${this.#path}.new`;
      const next = await open(temporary, 'w', 0o600);
      try {
        await next.writeFile(content);
        await next.datasync();
      } finally {
        await next.close();
      }
      await rename(temporary, this.#path);
      await syncFolder(this.#path);
      await this.#file.close();
      this.#file = await open(this.#path, 'a+', 0o600);
      this.#bytes = content.length;
      this.#lines = lines.length;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#file.close());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function parsed(line: string, path: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(
      `Line ${number} of ${path} cannot be read. Nothing was changed; move the file away to start without it.`,
      {
        cause,
      },
    );
  }
}

/** A new name survives a power cut only when its folder is on the disk. Windows cannot open folders and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
