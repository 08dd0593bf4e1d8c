import type { StoredSession, TokenStorage } from '../api/token-storage.ts';
import { LineFile } from './line-file.ts';

/** The tokens in a file that only its owner can read. One process at a time. */
export class FileTokenStorage implements TokenStorage {
  readonly #file: LineFile;
  #session: StoredSession | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: LineFile, session: StoredSession | undefined) {
    this.#file = file;
    this.#session = session;
  }

  static async open(path: string): Promise<FileTokenStorage> {
    const { file, values } = await LineFile.open(path);
    // The cast holds: the line was written by `save` below.
    return new FileTokenStorage(file, values.at(-1) as StoredSession | undefined);
  }

  async load(): Promise<StoredSession | undefined> {
    return this.#session;
  }

  /** The whole file anew: tokens of before are of no use and are not left lying about. */
  async save(session: StoredSession): Promise<void> {
    await this.#file.replace(() => [session]);
    this.#session = session;
  }

  async clear(): Promise<void> {
    await this.#file.replace(() => []);
    this.#session = undefined;
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
