import type { ErrorCode } from '@parley/protocol';
import type { TextId } from './use-text.ts';

/** What a person is told when the server refuses. Its own words are English and meant for who writes a client. */
export const REFUSAL_WORDS: Readonly<Record<ErrorCode, TextId>> = {
  BAD_FRAME: 'problem.notUnderstood',
  INVALID_REQUEST: 'problem.invalid',
  LIMIT_TOO_HIGH: 'problem.notUnderstood',
  BAD_CURSOR: 'problem.notUnderstood',
  UNKNOWN_COMMAND: 'problem.notUnderstood',
  TOO_LARGE: 'problem.tooLarge',
  UNSUPPORTED_MEDIA_TYPE: 'problem.notUnderstood',
  NOT_AUTHENTICATED: 'problem.signedOut',
  TOKEN_EXPIRED: 'problem.signedOut',
  TOKEN_INVALID: 'problem.signedOut',
  REFRESH_REUSED: 'problem.signedOut',
  WRONG_CREDENTIALS: 'problem.wrongCredentials',
  FORBIDDEN: 'problem.forbidden',
  NOT_FOUND: 'problem.notFound',
  IDENTIFIER_TAKEN: 'problem.identifierTaken',
  KEY_REUSED: 'problem.changedMeanwhile',
  CONFLICT: 'problem.changedMeanwhile',
  DEVICES_CHANGED: 'problem.changedMeanwhile',
  MESSAGE_GONE: 'problem.gone',
  EDIT_WINDOW_CLOSED: 'problem.tooOld',
  TOO_MANY_MEMBERS: 'problem.tooManyMembers',
  LAST_OWNER: 'problem.lastOwner',
  LAST_ADMIN: 'problem.lastAdmin',
  RATE_LIMITED: 'problem.rateLimited',
  STORE_UNAVAILABLE: 'problem.serverFailing',
  SHUTTING_DOWN: 'problem.serverFailing',
  INTERNAL: 'problem.serverFailing',
};
