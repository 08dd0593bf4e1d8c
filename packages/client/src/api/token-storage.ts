import type { DeviceId, SessionTokens, UserId } from '@parley/protocol';

/** The tokens of this device, as kept between starts. */
export interface StoredSession {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly accessToken: string;
  /** Unix ms by the server's clock. */
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  /** Unix ms by this device's clock. */
  readonly obtainedAt: number;
}

/** Keeps the tokens of one device. A refresh token works once (AUTH-3): all who share the storage must refresh under its lock. */
export interface TokenStorage {
  load(): Promise<StoredSession | undefined>;
  /** Resolves when the session survives a crash: the token before it is void. */
  save(session: StoredSession): Promise<void>;
  clear(): Promise<void>;
  /** Runs the work while nobody else (tab, process) with the same storage runs theirs. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

export const storedSessionOf = (tokens: SessionTokens, now: number): StoredSession => ({
  userId: tokens.me.user_id,
  deviceId: tokens.device_id,
  accessToken: tokens.access_token,
  accessExpiresAt: tokens.access_expires_at,
  refreshToken: tokens.refresh_token,
  obtainedAt: now,
});

/** For one client that may forget: tests, bots that log in at each start. */
export class MemoryTokenStorage implements TokenStorage {
  #session: StoredSession | undefined;
  #last: Promise<unknown> = Promise.resolve();

  async load(): Promise<StoredSession | undefined> {
    return this.#session;
  }
  async save(session: StoredSession): Promise<void> {
    this.#session = session;
  }
  async clear(): Promise<void> {
    this.#session = undefined;
  }
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
