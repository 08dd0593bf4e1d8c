export type { Identity } from './authentication.ts';
export type { Connection } from './connection.ts';
export type { Counters } from './counters.ts';
export { defaultGatewayOptions, type GatewayOptions } from './edge.ts';
export type { EncodedFrame } from './encoded-frame.ts';
export { createGateway, type Gateway, type GatewayStats } from './gateway.ts';
export type { LongPoll, PollActor, PollAnswer } from './long-poll.ts';
export type { Transport } from './transport.ts';
