import type { Clock } from '@parley/core';
import type { FastifyInstance } from 'fastify';

/** A part that this node needs, and whether it answers now. */
export interface ComponentHealth {
  readonly name: string;
  readonly ready: boolean;
}

export interface HealthOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Asks every component; the signal aborts after `deadlineMs`. */
  readonly readiness: (signal: AbortSignal) => Promise<readonly ComponentHealth[]>;
  readonly deadlineMs: number;
  readonly isClosing: () => boolean;
}

/** `/health/live`: the process answers. `/health/ready`: it can serve; 503 names the components that cannot, so that a balancer turns away. */
export function registerHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get('/health/live', async (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const components = [{ name: 'http', ready: !options.isClosing() }, ...(await askInTime(options))];
    const ready = components.every((component) => component.ready);
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not_ready', components });
  });
}

async function askInTime({ clock, readiness, deadlineMs }: HealthOptions): Promise<readonly ComponentHealth[]> {
  const deadline = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<readonly ComponentHealth[]>();
  const cancel = clock.after(deadlineMs, () => {
    deadline.abort();
    resolve([{ name: 'components', ready: false }]);
  });
  try {
    return await Promise.race([readiness(deadline.signal), late]);
  } catch {
    return [{ name: 'components', ready: false }];
  } finally {
    cancel();
  }
}
