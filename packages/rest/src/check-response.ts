import { isDeepStrictEqual } from 'node:util';
import type { Route } from '@parley/protocol';

/** HTTP-3: throws when an answer is not what the schema of its route says, or holds more: what no schema names may be a secret. */
export function checkResponse(name: string, route: Route, value: unknown): void {
  const sent: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  if (route.response === undefined) {
    if (sent !== undefined) throw new Error(`${name} answers a body, and its route has none.`);
    return;
  }
  const parsed = route.response.safeParse(sent);
  if (!parsed.success) throw new Error(`The answer of ${name} does not match its schema: ${parsed.error.message}`);
  if (!isDeepStrictEqual(parsed.data, sent)) throw new Error(`The answer of ${name} holds more than its schema names.`);
}
