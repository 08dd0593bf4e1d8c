/**
 * Every error that the wire knows (RULES ERR-1 … ERR-4 in docs/protocol.md). `code` never changes its meaning; `status` is the
 * HTTP status of the same refusal; `retry` tells a client what to do: `no` the same request will fail again, `later` repeat it
 * unchanged (same idempotency key) after `retry_after_ms`, `authenticate` get a new token first.
 */
export interface ErrorRow {
  readonly status: number;
  readonly retry: 'no' | 'later' | 'authenticate';
  readonly title: string;
}

const row = (status: number, retry: ErrorRow['retry'], title: string): ErrorRow => ({ status, retry, title });

export const ERRORS = {
  BAD_FRAME: row(400, 'no', 'The frame or body could not be read.'),
  INVALID_REQUEST: row(400, 'no', 'The request does not match its schema.'),
  LIMIT_TOO_HIGH: row(400, 'no', 'The limit asked for is above the maximum.'),
  BAD_CURSOR: row(400, 'no', 'The cursor is not one that this server gave for this list.'),
  UNKNOWN_COMMAND: row(400, 'no', 'There is no such command or address.'),
  TOO_LARGE: row(413, 'no', 'The frame or body is larger than the server accepts.'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'no', 'The body must be JSON.'),
  NOT_AUTHENTICATED: row(401, 'authenticate', 'Log in first.'),
  TOKEN_EXPIRED: row(401, 'authenticate', 'The access token has expired.'),
  TOKEN_INVALID: row(401, 'authenticate', 'The token is not valid here.'),
  REFRESH_REUSED: row(401, 'authenticate', 'This refresh token was used before; the device was logged out.'),
  WRONG_CREDENTIALS: row(401, 'no', 'The name or the password or the code is wrong.'),
  FORBIDDEN: row(403, 'no', 'Your role does not allow this.'),
  NOT_FOUND: row(404, 'no', 'There is no such thing, or it is not yours to see.'),
  IDENTIFIER_TAKEN: row(409, 'no', 'Somebody already uses this name, e-mail address or phone number.'),
  KEY_REUSED: row(409, 'no', 'This idempotency key was used before with other content.'),
  CONFLICT: row(409, 'no', 'The state has changed in the meantime.'),
  DEVICES_CHANGED: row(409, 'no', 'The list of devices is not the current one.'),
  MESSAGE_GONE: row(410, 'no', 'The message has been deleted.'),
  EDIT_WINDOW_CLOSED: row(403, 'no', 'The message is too old to be changed.'),
  TOO_MANY_MEMBERS: row(409, 'no', 'The conversation would have more members than it may have.'),
  LAST_OWNER: row(409, 'no', 'A conversation needs an owner: name another one first.'),
  LAST_ADMIN: row(409, 'no', 'The server needs an administrator: appoint another one first.'),
  RATE_LIMITED: row(429, 'later', 'Too many requests.'),
  STORE_UNAVAILABLE: row(503, 'later', 'The server cannot store anything at the moment.'),
  SHUTTING_DOWN: row(503, 'later', 'The server is stopping.'),
  INTERNAL: row(500, 'later', 'Something went wrong on the server.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
// The cast holds: these are the keys of the table above, and Object.keys loses their type.
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];
