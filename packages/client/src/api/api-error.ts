import { ERRORS, type ErrorRow, type Problem } from '@parley/protocol';

/**
 * A call that brought no answer of its route. `refused`: the server said no, `problem` says why. `unreachable`: no answer came, whether the server
 * did it is unknown (S10). `unreadable`: what answered does not speak this protocol (a proxy's error page, for example).
 */
export class ApiError extends Error {
  readonly reason: 'refused' | 'unreachable' | 'unreadable';
  readonly problem: Problem | undefined;

  constructor(reason: ApiError['reason'], message: string, options: { problem?: Problem; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.reason = reason;
    this.problem = options.problem;
  }

  /** What a program may do next (ERR-3); a call without an answer may be repeated with the same key. */
  get retry(): ErrorRow['retry'] {
    return this.problem === undefined ? 'later' : ERRORS[this.problem.code].retry;
  }
}

/** There is no session, or the server ended it: only logging in again helps. */
export class SignedOutError extends Error {
  constructor(options: { cause?: unknown } = {}) {
    super('This device is logged out. What is stored on it is kept; log in again to go on.', options);
    this.name = 'SignedOutError';
  }
}
