import { refused } from '@parley/core';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { sendProblem } from './problem.ts';
import { answerOptions } from './response-headers.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly HTTPMethods[];

/** Which methods each address was registered with, so that the others can be refused by name. */
export class KnownAddresses {
  readonly #methods = new Map<string, Set<string>>();

  note(url: string, methods: readonly string[]): void {
    const known = this.#methods.get(url) ?? new Set();
    for (const method of methods) known.add(method);
    this.#methods.set(url, known);
  }

  /** Serves OPTIONS, and 405 with `Allow` (RFC 9110 section 15.5.6) for every method that an address does not have. Call it last. */
  refuseOtherMethods(app: FastifyInstance, origins: ReadonlySet<string>): void {
    for (const [url, known] of [...this.#methods]) {
      const allowed = [...known, 'OPTIONS'].sort().join(', ');
      app.route({
        method: 'OPTIONS',
        url,
        handler: (request, reply) => answerOptions(origins, allowed, request, reply),
      });
      const missing = METHODS.filter((method) => !known.has(method));
      if (missing.length === 0) continue;
      app.route({
        method: missing,
        url,
        // Before the body is read: what it holds does not matter any more.
        onRequest: async (request, reply) => {
          reply.header('allow', allowed);
          const detail = `This address knows ${allowed}. Nothing was done.`;
          return sendProblem(request, reply, refused('UNKNOWN_COMMAND', detail), 405);
        },
        handler: () => undefined,
      });
    }
  }
}
