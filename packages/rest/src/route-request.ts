import { done, type Outcome, refused } from '@parley/core';
import { fieldProblems, type Route, readWith } from '@parley/protocol';

/** Parts of a request as they came: nothing in them is trusted. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

interface Part {
  readonly name: keyof RawRequest;
  readonly schema: NonNullable<Route['body']> | undefined;
}

/** Parses params, query and body with the schemas of the route; parts without a schema are `undefined`, whatever was sent. */
export function readRouteRequest(route: Route, raw: RawRequest): Outcome<Record<keyof RawRequest, unknown>> {
  const parts: readonly Part[] = [
    { name: 'params', schema: route.params },
    { name: 'query', schema: route.query },
    { name: 'body', schema: route.body },
  ];
  const request: Record<keyof RawRequest, unknown> = { params: undefined, query: undefined, body: undefined };
  for (const { name, schema } of parts) {
    if (schema === undefined) continue;
    const outcome = readPart(name, schema, raw[name]);
    if (outcome.kind === 'refused') return outcome;
    request[name] = outcome.value;
  }
  return done(request);
}

function readPart(name: keyof RawRequest, schema: NonNullable<Part['schema']>, raw: unknown): Outcome<unknown> {
  const parsed = readWith(schema, raw);
  if (parsed.success) return done(parsed.data);
  const { issues } = parsed.error;
  if (name === 'query' && issues.every(({ code, path }) => code === 'too_big' && path.join() === 'limit'))
    return refused(
      'LIMIT_TOO_HIGH',
      `The limit ${issues[0]?.message ?? 'is too high'}. Ask for less and follow the cursor.`,
    );
  return refused('INVALID_REQUEST', `The ${PART_WORDS[name]} does not match its schema. Nothing was done.`, {
    fields: fieldProblems(parsed.error).map(({ field, message }) => ({ field: field === '' ? name : field, message })),
  });
}

const PART_WORDS = { params: 'address', query: 'query', body: 'body' } as const;
