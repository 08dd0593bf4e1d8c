import { type StateChanges, type StateStorage, type StoredState, withChanges } from '../storage/state-storage.ts';
import { LineFile } from './line-file.ts';

/** The state in a file: each save is one line, so it is there in full or not at all. One process at a time. */
export class FileStateStorage implements StateStorage {
  readonly #file: LineFile;
  #state: StoredState | undefined;

  private constructor(file: LineFile, state: StoredState | undefined) {
    this.#file = file;
    this.#state = state;
  }

  static async open(path: string): Promise<FileStateStorage> {
    const { file, values } = await LineFile.open(path);
    let state: StoredState | undefined;
    // The cast holds: these lines were written by `save` below.
    for (const changes of values as StateChanges[]) state = withChanges(state, changes);
    return new FileStateStorage(file, state);
  }

  async load(): Promise<StoredState | undefined> {
    return this.#state;
  }

  async save(changes: StateChanges): Promise<void> {
    await this.#file.append(changes);
    this.#state = withChanges(this.#state, changes);
    if (this.#file.isStale(1)) await this.#file.replace(() => [this.#state]);
  }

  async clear(): Promise<void> {
    await this.#file.replace(() => []);
    this.#state = undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
