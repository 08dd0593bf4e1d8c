import { type Refused, refused, StoreError } from '@parley/core';
import { BodyError } from './json-body.ts';

/** What an error means to the caller, and whether an operator has to look at it. */
export interface ErrorReading {
  readonly refused: Refused;
  readonly report: boolean;
}

/** The one mapper of thrown errors to refusals. Nothing of an unexpected error reaches the caller (ERR-2). */
export function refusalOfError(error: unknown): ErrorReading {
  if (error instanceof BodyError) return { refused: refused(error.code, error.message), report: false };
  if (error instanceof StoreError) return { refused: refusalOfStoreError(error), report: true };
  const known = FRAMEWORK_REFUSALS[codeOf(error)];
  if (known !== undefined) return { refused: known, report: false };
  return {
    refused: refused(
      'INTERNAL',
      'Something went wrong on the server. It is not known whether anything was done; repeat the request with the same key. The request_id helps the operator.',
    ),
    report: true,
  };
}

function refusalOfStoreError(error: StoreError): Refused {
  return error.applied === 'no'
    ? refused('STORE_UNAVAILABLE', 'It was not stored; try again with the same key.')
    : refused('STORE_UNAVAILABLE', 'It may have been stored: repeat with the same key.');
}

const UNREADABLE_LENGTH = refused('BAD_FRAME', 'The body is not as long as Content-Length says. Nothing was done.');
const UNREADABLE_ADDRESS = refused('INVALID_REQUEST', 'The address could not be read. Nothing was done.');

const FRAMEWORK_REFUSALS: Readonly<Record<string, Refused>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: refused(
    'TOO_LARGE',
    'The body has more bytes than the server accepts. Nothing was done.',
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: refused(
    'UNSUPPORTED_MEDIA_TYPE',
    'Send the body as JSON in UTF-8 with the header "Content-Type: application/json". Nothing was done.',
  ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: UNREADABLE_LENGTH,
  ECONNRESET: UNREADABLE_LENGTH,
  FST_ERR_BAD_URL: UNREADABLE_ADDRESS,
  FST_ERR_MAX_PARAM_LENGTH: UNREADABLE_ADDRESS,
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
