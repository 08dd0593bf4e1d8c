/** A JSON Schema (2020-12), as far as documents read it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

const PREFIX = '#/components/schemas/';

/** Identifiers are told apart by the wire metadata of their fields: a pattern alone does not say which kind of thing it names. */
const ID_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  UserId: { type: 'string', description: 'A user.', examples: ['usr_0c4tq5m8v2x7k'] },
  DeviceId: { type: 'string', description: 'A device of a user.', examples: ['dev_0c4tq5m8v2x7k'] },
  MessageId: {
    type: 'string',
    description: 'A message, for people and logs; its place is `seq`.',
    examples: ['msg_0c4tq5m8v2x7k'],
  },
  ConversationId: {
    type: 'string',
    description: 'A conversation: `dir_…_…` direct, `grp_…` group, `chn_…` channel.',
    examples: ['grp_0c4tq5m8v2x7k'],
  },
};
const ID_BY_PREFIX: Readonly<Record<string, string>> = { usr_: 'UserId', dev_: 'DeviceId', msg_: 'MessageId' };

/** Collects the named schemas of a document and writes every later occurrence of the same shape as a reference. */
export class SchemaBook {
  readonly #schemas: Record<string, JsonSchema> = { ...ID_SCHEMAS };
  readonly #nameByShape = new Map<string, string>();

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.#schemas;
  }

  /** Names a shape; parts should be named before their wholes. A shape that has a name keeps it. Returns the reference. */
  define(name: string, schema: JsonSchema): JsonSchema {
    const written = this.write(schema);
    if (written.$ref !== undefined) return written;
    if (name in this.#schemas) throw new Error(`Two different schemas are named ${name}.`);
    this.#schemas[name] = written;
    this.#nameByShape.set(shapeOf(written), name);
    return { $ref: PREFIX + name };
  }

  /** The schema without what only our codecs read, and with references where shapes have names. */
  write(schema: JsonSchema): JsonSchema {
    const id = schema['x-wire'] === 'conversation' ? 'ConversationId' : ID_BY_PREFIX[String(schema['x-prefix'])];
    if (id !== undefined) return { $ref: PREFIX + id };
    // The cast holds: each keyword keeps its place, and lists and records of schemas stay such.
    const written = Object.fromEntries(
      Object.entries(schema)
        .filter(([keyword, value]) => !isOurs(keyword, value))
        .map(([keyword, value]) => [keyword, this.#writeKeyword(keyword, value)]),
    ) as JsonSchema;
    const name = this.#nameByShape.get(shapeOf(written));
    return name === undefined ? written : { $ref: PREFIX + name };
  }

  #writeKeyword(keyword: string, value: unknown): unknown {
    // The casts hold: these are the keywords of JSON Schema whose values are schemas.
    if (keyword === 'properties')
      return Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([name, inner]) => [name, this.write(inner)]),
      );
    if (keyword === 'anyOf' || keyword === 'oneOf') return (value as JsonSchema[]).map((inner) => this.write(inner));
    if (SCHEMA_KEYWORDS.has(keyword) && typeof value === 'object') return this.write(value as JsonSchema);
    return value;
  }
}

const SCHEMA_KEYWORDS = new Set(['items', 'additionalProperties', 'propertyNames']);

/** Field numbers of the binary form, the dialect, and closed objects: readers must accept fields that they do not know (FRAME-5). */
const isOurs = (keyword: string, value: unknown): boolean =>
  keyword.startsWith('x-') || keyword === '$schema' || (keyword === 'additionalProperties' && value === false);

/** Equal for schemas that say the same, in whatever order. */
const shapeOf = (schema: JsonSchema): string =>
  JSON.stringify(schema, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
