import type { ROUTES, RouteName, RouteOutput, RouteRequest } from '@parley/protocol';

/** The parsed request and the answer of a route by its name, as the rule of that name takes and gives them. */
export type RequestOf<N extends RouteName> = RouteRequest<(typeof ROUTES)[N]>;
export type AnswerOf<N extends RouteName> = RouteOutput<(typeof ROUTES)[N]>;
