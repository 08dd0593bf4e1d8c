import { z } from 'zod';
import type { Wire } from '../fields.ts';

/**
 * The binary form of a schema: read once from the zod object and the numbers that `at` gave its fields. The codec compiles it to readers and writers,
 * `protoText` prints it, so both always agree with the types.
 */
export interface MessageLayout {
  readonly name: string;
  readonly fields: readonly FieldLayout[];
  /** `type` literal that the envelope's field number stands for. */
  readonly typeLiteral: string | undefined;
}

export type ScalarLayout =
  | { readonly kind: 'text' | 'varint' | 'bool' | 'uuid' | 'base64' | 'conversation' }
  | { readonly kind: 'id'; readonly prefix: string }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

export type ValueLayout =
  | ScalarLayout
  | { readonly kind: 'message'; readonly layout: MessageLayout }
  | {
      readonly kind: 'oneof';
      readonly options: readonly { readonly number: number; readonly layout: MessageLayout }[];
    };

export interface FieldLayout {
  readonly name: string;
  readonly number: number;
  readonly value: ValueLayout;
  readonly repeated: boolean;
  /** What an absent field reads as: `undefined` leaves the key out; `zero` is the value that a required field is not written for. */
  readonly absent: 'undefined' | 'null' | 'zero';
}

interface Meta {
  readonly 'x-field'?: number;
  readonly 'x-wire'?: Wire;
  readonly 'x-prefix'?: string;
}
// The cast holds: these keys are written only by fields.ts.
const metaOf = (schema: z.ZodType): Meta => (schema.meta() ?? {}) as Meta;

interface Unwrapped {
  readonly schema: z.ZodType;
  readonly meta: Meta;
  readonly absent: 'undefined' | 'null' | 'zero';
  readonly repeated: boolean;
}

function unwrap(field: z.ZodType): Unwrapped {
  let schema = field;
  let meta = metaOf(field);
  let absent: Unwrapped['absent'] = 'zero';
  let repeated = false;
  for (;;) {
    if (schema instanceof z.ZodOptional) absent = 'undefined';
    else if (schema instanceof z.ZodNullable) absent = absent === 'undefined' ? absent : 'null';
    else if (schema instanceof z.ZodArray) repeated = true;
    else return { schema, meta, absent, repeated };
    // The cast holds: zod's own wrappers wrap zod types.
    schema = (schema instanceof z.ZodArray ? schema.element : schema.unwrap()) as z.ZodType;
    meta = { ...metaOf(schema), ...meta };
  }
}

function valueLayout(
  schema: z.ZodType,
  meta: Meta,
  name: string,
  unionNumbers: Readonly<Record<string, number>>,
): ValueLayout {
  if (meta['x-wire'] === 'id') return { kind: 'id', prefix: meta['x-prefix'] ?? '' };
  if (meta['x-wire'] !== undefined) return { kind: meta['x-wire'] };
  if (schema instanceof z.ZodString) return { kind: 'text' };
  if (schema instanceof z.ZodNumber) return { kind: 'varint' };
  if (schema instanceof z.ZodBoolean || (schema instanceof z.ZodLiteral && schema.value === true))
    return { kind: 'bool' };
  if (schema instanceof z.ZodEnum) return { kind: 'enum', values: schema.options.map(String) };
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return {
      kind: 'oneof',
      options: schema.options.map((option) => {
        // The cast holds: frame unions consist of objects.
        const layout = layoutOf(option as z.ZodObject, unionNumbers);
        const number = unionNumbers[layout.typeLiteral ?? ''];
        if (number === undefined) throw new TypeError(`The frame ${layout.typeLiteral} has no number.`);
        return { number, layout };
      }),
    };
  }
  if (schema instanceof z.ZodObject) return { kind: 'message', layout: layoutOf(schema, unionNumbers, name) };
  throw new TypeError(`The field ${name} has a schema without a binary form.`);
}

const pascal = (name: string): string => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Reads the layout of an object schema. `unionNumbers`: numbers of the frames where an object holds frames. Throws on a field without a number. */
export function layoutOf(
  schema: z.ZodObject,
  unionNumbers: Readonly<Record<string, number>>,
  fieldName?: string,
): MessageLayout {
  const fields: FieldLayout[] = [];
  let typeLiteral: string | undefined;
  for (const [name, field] of Object.entries(schema.shape)) {
    // The cast holds: a shape's values are zod types; the core type of zod hides the methods.
    const { schema: inner, meta, absent, repeated } = unwrap(field as z.ZodType);
    if (name === 'type' && inner instanceof z.ZodLiteral) {
      typeLiteral = String(inner.value);
      continue;
    }
    const number = meta['x-field'];
    if (number === undefined) throw new TypeError(`The field ${name} has no number.`);
    if (fields.some((other) => other.number === number))
      throw new TypeError(`Two fields have the number ${number}; one is ${name}.`);
    fields.push({ name, number, value: valueLayout(inner, meta, name, unionNumbers), repeated, absent });
  }
  return { name: pascal(typeLiteral ?? fieldName ?? 'value'), fields, typeLiteral };
}
