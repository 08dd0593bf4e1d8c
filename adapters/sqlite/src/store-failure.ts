/**
 * What a storage thread tells of a failure; the main thread makes a StoreError of it. `applied` as in StoreError.
 */
export interface StoreFailure {
  readonly message: string;
  readonly applied: 'no' | 'unknown';
  readonly retryable: boolean;
  /** The engine's own words, for the operator's log. */
  readonly cause: string;
}

/** A failure that already is a sentence for the operator. */
export class StoreSentence extends Error {
  readonly retryable: boolean;

  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const RESULT = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 } as const;

/** The primary result code of an error of node:sqlite; 0 for any other error. */
export function resultCodeOf(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}

/** Another connection held a lock for longer than one waits. */
export const isBusy = (error: unknown): boolean => resultCodeOf(error) === RESULT.busy;

/** True for failures of the disk or the file, which hit every write alike; false for a fault in what one request asked. */
export function isEngineFailure(error: unknown): boolean {
  if (error instanceof StoreSentence) return true;
  return Object.values<number>(RESULT).includes(resultCodeOf(error));
}

/** `during`: a failed statement was rolled back; a failed commit may have reached the disk all the same. */
export function storeFailureOf(
  error: unknown,
  during: 'read' | 'statement' | 'commit',
  directory: string,
): StoreFailure {
  const cause = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreSentence) {
    return { message: error.message, applied: 'no', retryable: error.retryable, cause };
  }
  const code = resultCodeOf(error);
  // A full disk cuts the commit short before its last frame, without which SQLite ignores all of it: certainly not stored.
  const applied = during === 'commit' && code !== RESULT.full ? 'unknown' : 'no';
  const stored = applied === 'no' ? 'Nothing was stored.' : 'It may have been stored.';
  return {
    message: `${sentenceOf(code, directory)}${during === 'read' ? '' : ` ${stored}`}`,
    applied,
    retryable: Object.values<number>(RESULT).includes(code),
    cause,
  };
}

function sentenceOf(code: number, directory: string): string {
  switch (code) {
    case RESULT.full:
      return `The disk of ${directory} is full. Free some space; the store then goes on by itself.`;
    case RESULT.readOnly:
      return `The store in ${directory} is read-only. Give the server's user the right to write there; the store then goes on by itself.`;
    case RESULT.ioError:
      return `The disk of ${directory} failed while the store used it. Check the disk and the system log.`;
    case RESULT.cantOpen:
      return `The store in ${directory} cannot be opened. Check that the directory exists and that the server's user may read and write it.`;
    case RESULT.corrupt:
      return `The store in ${directory} is damaged. Stop the server and restore the last backup.`;
    case RESULT.notADatabase:
      return `The file of the store in ${directory} is no Parley store. Restore the last backup or name another directory.`;
    case RESULT.busy:
      return `The store in ${directory} was kept locked by another program. Stop that program; the store then goes on by itself.`;
    default:
      return `The store in ${directory} could not do what it was asked because of a fault in the program. Report it with the log.`;
  }
}
