import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** The two field kinds of Signal's messages: unsigned numbers and bytes, by field number. */
export type ProtobufField = number | Uint8Array;

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIELDS_MAX = 16;

export function encodeFields(
  fields: readonly (readonly [number: number, value: ProtobufField | undefined])[],
): Uint8Array {
  const writer = new ByteWriter();
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    if (typeof value === 'number') writer.varint((number << 3) | VARINT).varint(value);
    else writer.varint((number << 3) | LENGTH_DELIMITED).sized(value);
  }
  return writer.finish();
}

/** `undefined` on malformed bytes or other field kinds; the last value of a repeated number counts. */
export function decodeFields(bytes: Uint8Array): ReadonlyMap<number, ProtobufField> | undefined {
  return parseBytes(bytes, (reader: ByteReader) => {
    const fields = new Map<number, ProtobufField>();
    for (let count = 0; reader.remaining > 0; count += 1) {
      reader.expect(count < FIELDS_MAX);
      const tag = reader.varint();
      const kind = tag & 7;
      reader.expect(kind === VARINT || kind === LENGTH_DELIMITED);
      fields.set(tag >> 3, kind === VARINT ? reader.varint() : reader.sized(reader.remaining));
    }
    return fields;
  });
}
