import { asyncApiDocument, protoText } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { docsPage, errorsPage } from './docs-page.ts';
import { openApiDocument } from './open-api.ts';
import { PAGE_POLICY } from './page.ts';

/** What describes this server: for programs the three contracts, for people the pages /docs and /errors. Each is made once, when first asked for. */
export function registerDocuments(app: FastifyInstance, { version }: { readonly version: string }): void {
  const documents: readonly (readonly [string, string, () => string])[] = [
    ['/openapi.json', 'application/json; charset=utf-8', () => JSON.stringify(openApiDocument({ version }), null, 2)],
    ['/asyncapi.json', 'application/json; charset=utf-8', () => JSON.stringify(asyncApiDocument({ version }), null, 2)],
    ['/parley.proto', 'text/plain; charset=utf-8', protoText],
    ['/docs', 'text/html; charset=utf-8', () => docsPage(openApiDocument({ version }))],
    ['/errors', 'text/html; charset=utf-8', errorsPage],
  ];
  for (const [url, mediaType, make] of documents) {
    let made: string | undefined;
    app.route({
      method: 'GET',
      url,
      exposeHeadRoute: true,
      handler: (_, reply) => {
        made ??= make();
        if (mediaType.startsWith('text/html')) reply.header('content-security-policy', PAGE_POLICY);
        return reply.header('cache-control', 'public, max-age=300').type(mediaType).send(made);
      },
    });
  }
}
