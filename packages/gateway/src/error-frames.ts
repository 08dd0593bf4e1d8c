import { type Log, type Random, type Refused, StoreError } from '@parley/core';
import type { ErrorCode, FieldProblem, NoticeOf } from '@parley/protocol';

/** What an error frame is about: the command's number and, for a write, its idempotency key. */
export interface About {
  readonly re?: number | undefined;
  readonly clientMsgId?: string | undefined;
}

export function errorFrame(about: About, code: ErrorCode, detail: string): NoticeOf<'error'> {
  return {
    type: 'error',
    code,
    detail,
    ...(about.re === undefined ? {} : { re: about.re }),
    ...(about.clientMsgId === undefined ? {} : { client_msg_id: about.clientMsgId }),
  };
}

export function invalidFrame(about: About, fields: readonly FieldProblem[]): NoticeOf<'error'> {
  const frame = errorFrame(about, 'INVALID_REQUEST', 'The command does not match its schema; nothing was done.');
  return { ...frame, errors: [...fields] };
}

/** A rule said no. */
export function refusalFrame(about: About, refused: Refused): NoticeOf<'error'> {
  return {
    ...errorFrame(about, refused.code, refused.detail),
    ...(refused.retryAfterMs === undefined ? {} : { retry_after_ms: refused.retryAfterMs }),
    ...(refused.fields === undefined ? {} : { errors: [...refused.fields] }),
  };
}

/** Something broke. A store says what became of the write (S10); anything else is our own fault, is logged under an id and tells nothing (ERR-2). */
export function failureFrame(about: About, error: unknown, log: Log, random: Random): NoticeOf<'error'> {
  if (error instanceof StoreError) {
    log.warn('gateway.store_unavailable', { applied: error.applied, error });
    return errorFrame(
      about,
      'STORE_UNAVAILABLE',
      error.applied === 'no'
        ? 'It was not stored; try again with the same key.'
        : 'It may have been stored: repeat it with the same key.',
    );
  }
  const requestId = Buffer.from(random.bytes(9)).toString('base64url');
  log.error('gateway.command_failed', { requestId, error });
  return errorFrame(
    about,
    'INTERNAL',
    `Something went wrong on the server; whether it was done is not known. Repeat it with the same key; tell the operator the number ${requestId}.`,
  );
}
