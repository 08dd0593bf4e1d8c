export { createRest, type RestOptions } from './create-rest.ts';
export { openApiDocument } from './documents/open-api.ts';
export type { PollSessions } from './handlers/poll.ts';
export type { ComponentHealth } from './health.ts';
