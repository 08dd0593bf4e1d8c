import { readFileSync } from 'node:fs';
import { API_PREFIX, ERRORS, ROUTES, type Route } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { errorsOf, openApiDocument } from './open-api.ts';
import { OPERATIONS } from './operations.ts';

const document = openApiDocument({ version: '1.2.3' });
// Through JSON, because that is what is served.
const served: unknown = JSON.parse(JSON.stringify(document));
const routes = Object.entries<Route>(ROUTES);
const operationOf = (route: Route) =>
  document.paths[(API_PREFIX + route.path).replaceAll(/:([a-z_]+)/g, '{$1}')]?.[route.method.toLowerCase()];

function* referencesIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref' && typeof value === 'string') yield value;
    else yield* referencesIn(value);
  }
}

const follow = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
      served,
    );

describe('[HTTP-3] the OpenAPI document', () => {
  test('is version 3.1 with everything that it must have', () => {
    expect(served).toMatchObject({ openapi: '3.1.1', info: { title: 'Parley API', version: '1.2.3' } });
    expect(document.components.securitySchemes).toHaveProperty('bearer');
  });

  test.each(routes)('%s is described as the table says', (name, route) => {
    const operation = operationOf(route);
    expect(operation?.operationId).toBe(name);
    expect(operation?.security).toEqual(route.auth === 'none' ? [] : [{ bearer: [] }]);
    expect(operation?.requestBody !== undefined).toBe(route.body !== undefined);
    const inPath = [...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]);
    const parameters = operation?.parameters ?? [];
    expect(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(
      inPath,
    );
    const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size).toBe(names.length);
    const success = operation?.responses[route.status];
    expect(success?.content !== undefined).toBe(route.response !== undefined || route.produces !== undefined);
  });

  test.each(routes)('[ERR-1] %s lists every error under its status', (_, route) => {
    for (const code of errorsOf(route)) {
      const problem = operationOf(route)?.responses[ERRORS[code].status]?.content?.['application/problem+json'];
      expect(JSON.stringify(problem)).toContain(`"${code}"`);
    }
    expect(errorsOf(route)).toEqual(expect.arrayContaining([...route.errors]));
  });

  test('every reference resolves and every named schema is used', () => {
    const references = new Set(referencesIn(served));
    for (const reference of references) expect(follow(reference), reference).toBeTypeOf('object');
    for (const name of Object.keys(document.components.schemas))
      expect(references, name).toContain(`#/components/schemas/${name}`);
  });

  test('holds nothing that only our codecs read', () => {
    expect(JSON.stringify(document)).not.toMatch(/"x-(?:wire|field|prefix)"|\$schema/);
  });

  test('names only rules that docs/protocol.md has', () => {
    const rules = readFileSync(new URL('../../../../docs/protocol.md', import.meta.url), 'utf8');
    for (const id of Object.values(OPERATIONS).flatMap((operation) => operation.rules))
      expect(rules).toContain(`**${id}**`);
  });
});
