import type { Route, RouteOutput } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import { ApiError } from './api-error.ts';
import { type CallInput, type CallOptions, callRoute } from './call-route.ts';
import type { Session } from './session.ts';

/** The whole HTTP API, typed by the route table: `await api.call(ROUTES.listDevices, {})`. */
export class Api {
  readonly #environment: ClientEnvironment;
  readonly #baseUrl: string;
  readonly #session: Session;

  constructor(environment: ClientEnvironment, baseUrl: string, session: Session) {
    this.#environment = environment;
    this.#baseUrl = baseUrl;
    this.#session = session;
  }

  /** Throws ApiError or SignedOutError. A token that the server does not take is refreshed and the call repeated once. */
  async call<const R extends Route>(route: R, input: CallInput<R>, options?: CallOptions): Promise<RouteOutput<R>> {
    if (route.auth === 'none') return this.#send(route, input, undefined, options);
    const token = await this.#session.accessToken();
    try {
      return await this.#send(route, input, token, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.retry !== 'authenticate') throw error;
      return this.#send(route, input, await this.#session.accessToken(token), options);
    }
  }

  #send<const R extends Route>(
    route: R,
    input: CallInput<R>,
    token: string | undefined,
    options: CallOptions | undefined,
  ): Promise<RouteOutput<R>> {
    return callRoute(this.#environment, this.#baseUrl, route, input, token, options);
  }
}
