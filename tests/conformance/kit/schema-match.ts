/** The part of JSON Schema (2020-12) that the published documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export type Definitions = Readonly<Record<string, Schema>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Where a value does not match its schema: one sentence each, with the path. */
export function mismatches(schema: Schema, value: unknown, definitions: Definitions, path = 'answer'): string[] {
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined
      ? [`${path}: ${schema.$ref} leads nowhere`]
      : mismatches(target, value, definitions, path);
  }
  const within = (one: Schema): string[] => mismatches(one, value, definitions, path);
  const found = (schema.allOf ?? []).flatMap(within);
  for (const choices of [schema.oneOf, schema.anyOf])
    if (choices?.every((one) => within(one).length > 0)) found.push(`${path}: fits no choice`);
  if (schema.type !== undefined && TYPE_TESTS[schema.type]?.(value) === false) return [`${path}: is no ${schema.type}`];
  if ('const' in schema && value !== schema.const) found.push(`${path}: is not ${JSON.stringify(schema.const)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path}: ${String(value)} is no choice`);
  if (typeof value === 'string') found.push(...textMismatches(schema, value, path));
  if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value)))
    found.push(`${path}: ${value} is out of range`);
  if (Array.isArray(value)) found.push(...listMismatches(schema, value, definitions, path));
  if (isObject(value)) found.push(...objectMismatches(schema, value, definitions, path));
  return found;
}

function textMismatches(schema: Schema, value: string, path: string): string[] {
  if (value.length < (schema.minLength ?? 0)) return [`${path}: is too short`];
  if (value.length > (schema.maxLength ?? value.length)) return [`${path}: is too long`];
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value)
    ? []
    : [`${path}: "${value}" does not match ${schema.pattern}`];
}

function listMismatches(schema: Schema, value: readonly unknown[], definitions: Definitions, path: string): string[] {
  const found = value.length > (schema.maxItems ?? value.length) ? [`${path}: has too many items`] : [];
  if (value.length < (schema.minItems ?? 0)) found.push(`${path}: has too few items`);
  const { items } = schema;
  if (items === undefined) return found;
  return [...found, ...value.flatMap((item, index) => mismatches(items, item, definitions, `${path}[${index}]`))];
}

function objectMismatches(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  definitions: Definitions,
  path: string,
): string[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name}: is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const one = schema.properties?.[name] ?? schema.additionalProperties;
      if (one === false) return [`${path}.${name}: is not in the schema`];
      return one === undefined || one === true ? [] : mismatches(one, inner, definitions, `${path}.${name}`);
    }),
  ];
}
