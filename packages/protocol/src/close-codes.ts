/**
 * Close codes of the socket. `advice` tells the client what to do: `resume` reconnect with jitter and sync from its positions,
 * `authenticate` get a new token first, `stop` do not come back by itself.
 */
export interface CloseRow {
  readonly code: number;
  readonly advice: 'resume' | 'authenticate' | 'stop';
  readonly reason: string;
}

export const CLOSE = {
  SERVER_STOPPING: { code: 4000, advice: 'resume', reason: 'The server is stopping or restarting.' },
  TOO_SLOW: { code: 4001, advice: 'resume', reason: 'The connection did not take its frames fast enough.' },
  HEARTBEAT_MISSED: { code: 4002, advice: 'resume', reason: 'Nothing was heard from the client for too long.' },
  SESSION_EXPIRED: { code: 4003, advice: 'resume', reason: 'This long-poll session is over.' },
  TOO_MANY_RECONNECTS: { code: 4004, advice: 'resume', reason: 'The user connects too often.' },
  INTERNAL: { code: 4010, advice: 'resume', reason: 'Something went wrong on the server.' },
  AUTHENTICATION_TIMEOUT: { code: 4100, advice: 'authenticate', reason: 'No token arrived in time.' },
  TOKEN_REJECTED: { code: 4101, advice: 'authenticate', reason: 'The token is expired or not valid.' },
  DEVICE_REVOKED: { code: 4200, advice: 'stop', reason: 'This device was logged out.' },
  ACCOUNT_DELETED: { code: 4201, advice: 'stop', reason: 'The account was deleted.' },
  BAD_FRAME: {
    code: 4300,
    advice: 'stop',
    reason: 'A frame could not be read; the client does not speak this protocol.',
  },
  TOO_LARGE: { code: 4301, advice: 'stop', reason: 'A frame was larger than allowed.' },
  TOO_MANY_CONNECTIONS: { code: 4302, advice: 'stop', reason: 'Too many connections of one device.' },
} as const satisfies Record<string, CloseRow>;

export type CloseName = keyof typeof CLOSE;
