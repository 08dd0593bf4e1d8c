import { ROUTES, type SessionTokens } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import { ApiError, SignedOutError } from './api-error.ts';
import { callRoute } from './call-route.ts';
import { type StoredSession, storedSessionOf, type TokenStorage } from './token-storage.ts';

/** An access token is replaced this long before its end. */
const RENEW_BEFORE_MS = 30_000;
/** A token younger than this (by our own clock) is used whatever its end says: a wrong clock must not make every call a refresh. */
const TRUSTED_FOR_MS = 60_000;
/** A refresh whose answer was lost is repeated with the same token (AUTH-3). */
const REFRESH_TRIES = 3;
const REFRESH_TIMEOUT_MS = 3_000;

/** The tokens of this device: gives out one that works and refreshes it, once at a time, also across tabs. */
export class Session {
  readonly #environment: ClientEnvironment;
  readonly #baseUrl: string;
  readonly #storage: TokenStorage;
  #renewal: Promise<StoredSession> | undefined;

  constructor(environment: ClientEnvironment, baseUrl: string, storage: TokenStorage) {
    this.#environment = environment;
    this.#baseUrl = baseUrl;
    this.#storage = storage;
  }

  load(): Promise<StoredSession | undefined> {
    return this.#storage.load();
  }

  async begin(tokens: SessionTokens): Promise<StoredSession> {
    const session = storedSessionOf(tokens, this.#environment.now());
    await this.#storage.save(session);
    return session;
  }

  end(): Promise<void> {
    return this.#storage.clear();
  }

  /** A token to use now. `rejected`: one that the server did not take. Throws SignedOutError, or ApiError when the server cannot be reached. */
  async accessToken(rejected?: string): Promise<string> {
    const session = await this.#storage.load();
    if (session === undefined) throw new SignedOutError();
    if (session.accessToken !== rejected && this.#isUsable(session)) return session.accessToken;
    this.#renewal ??= this.#renew(rejected).finally(() => {
      this.#renewal = undefined;
    });
    return (await this.#renewal).accessToken;
  }

  #isUsable(session: StoredSession): boolean {
    const now = this.#environment.now();
    const age = now - session.obtainedAt;
    return now < session.accessExpiresAt - RENEW_BEFORE_MS || (age >= 0 && age < TRUSTED_FOR_MS);
  }

  #renew(rejected: string | undefined): Promise<StoredSession> {
    return this.#storage.exclusively(async () => {
      const session = await this.#storage.load();
      if (session === undefined) throw new SignedOutError();
      // Another tab was faster: its refresh made ours void.
      if (session.accessToken !== rejected && this.#isUsable(session)) return session;
      return this.begin(await this.#refresh(session.refreshToken));
    });
  }

  /** Asks again at once when no answer came: the server honours the old token only for a short grace. */
  async #refresh(refreshToken: string): Promise<SessionTokens> {
    for (let tries = 1; ; tries += 1) {
      try {
        const body = { refresh_token: refreshToken };
        const options = { timeoutMs: REFRESH_TIMEOUT_MS };
        return await callRoute(this.#environment, this.#baseUrl, ROUTES.refresh, { body }, undefined, options);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.reason === 'refused' && error.retry !== 'later') {
          await this.#storage.clear();
          throw new SignedOutError({ cause: error });
        }
        if (error.reason !== 'unreachable' || tries === REFRESH_TRIES) throw error;
      }
    }
  }
}
