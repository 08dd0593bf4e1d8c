import type { Core } from '@parley/core';
import type { Gateway } from '@parley/gateway';
import { createRest } from '@parley/rest';
import type { FastifyInstance } from 'fastify';

/** Whose requests an app serves at the moment. */
export interface RestTarget {
  readonly core: Core;
  readonly gateway: Gateway;
}

/**
 * An HTTP edge that outlives the node behind it: building one costs more than a whole short run, so a worker keeps a few and gives each new node one.
 * A dead node's requests never go on, so none of them can reach the next.
 */
export class RestApp {
  readonly app: FastifyInstance;
  target: RestTarget | undefined;

  constructor(target: RestTarget) {
    this.target = target;
    const current = (): RestTarget => {
      if (this.target === undefined) throw new Error('The simulated HTTP edge was asked without a node behind it.');
      return this.target;
    };
    // The cast holds: every property of a core is read when it is used, from the node that is there then.
    const core = new Proxy({} as Core, { get: (_, name) => current().core[name as keyof Core] });
    this.app = createRest(core, {
      version: 'simulated',
      features: ['long_poll'],
      origins: [],
      trustedProxies: [],
      poll: {
        open: (actor, signal) => current().gateway.poll.open(actor, signal),
        poll: (actor, cursor, signal) => current().gateway.poll.poll(actor, cursor, signal),
        send: (actor, cursor, frames) => current().gateway.poll.send(actor, cursor, frames),
        close: (actor, cursor) => current().gateway.poll.close(actor, cursor),
      },
      readiness: async () => [],
      checkResponses: true,
    });
  }
}

const idle: RestApp[] = [];

export async function takeRestApp(target: RestTarget): Promise<RestApp> {
  const app = idle.pop() ?? new RestApp(target);
  app.target = target;
  await app.app.ready();
  return app;
}

export function giveRestAppBack(app: RestApp): void {
  app.target = undefined;
  idle.push(app);
}
