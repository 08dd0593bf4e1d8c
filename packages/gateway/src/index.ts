export type { Identity } from './authentication.ts';
export type { Counters } from './counters.ts';
export { defaultGatewayOptions, type GatewayOptions } from './edge.ts';
export { createGateway, type Gateway, type GatewayStats } from './gateway.ts';
export type { LongPoll, PollActor, PollAnswer } from './long-poll.ts';
