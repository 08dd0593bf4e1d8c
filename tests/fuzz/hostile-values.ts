/** JSON texts that stand where a schema wants something else. Texts, not values: an own key `__proto__` exists only in JSON. */
export const HOSTILE_JSON: readonly string[] = [
  'null',
  'true',
  '-1',
  '1e308',
  '0.1',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  `"${'x'.repeat(20_000)}"`,
  '[]',
  '{}',
  '["usr_0000000000001"]',
  '{"$ne":null}',
  '{"__proto__":{"is_admin":true,"auth":"none"}}',
  '{"constructor":{"prototype":{"is_admin":true}}}',
  '{"toString":1,"valueOf":"x","length":1e9,"toJSON":{}}',
  '{"then":{}}',
  '[[[[[[[[[[[[]]]]]]]]]]]]',
  '"__proto__"',
  '"constructor"',
  '"\' OR 1=1 --"',
  '"%00%2e%2e%2f"',
];

/** Each place in a JSON value, the whole one first, as keys from the outside. */
export function placesIn(value: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [above];
  return [above, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...above, key]))];
}

const MARK = '\u2620 here \u2620';

/** The value as JSON text with one place replaced by another JSON text. */
export function withPlanted(value: unknown, place: readonly string[], json: string): string {
  const plant = (inner: unknown, keys: readonly string[]): unknown => {
    const [key, ...rest] = keys;
    if (key === undefined) return MARK;
    if (Array.isArray(inner))
      return inner.map((item: unknown, index) => (String(index) === key ? plant(item, rest) : item));
    // The cast holds: placesIn gives keys of objects only.
    const object = inner as Record<string, unknown>;
    return { ...object, [key]: plant(object[key], rest) };
  };
  return JSON.stringify(plant(value, place)).replace(JSON.stringify(MARK), () => json);
}
