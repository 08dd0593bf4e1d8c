/**
 * A store that could not do what was asked. `applied`: `no` nothing was written; `unknown` it may have been: repeat with the same key (S10).
 * The message is a sentence for the operator and holds no content of users.
 */
export class StoreError extends Error {
  readonly applied: 'no' | 'unknown';
  readonly retryable: boolean;

  constructor(message: string, options: { applied: 'no' | 'unknown'; retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.applied = options.applied;
    this.retryable = options.retryable;
  }
}
