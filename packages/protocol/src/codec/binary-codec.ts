import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { COMMAND_SCHEMAS, type Command } from '../commands.ts';
import { COMMAND_NUMBERS, SERVER_FRAME_NUMBERS, SERVER_FRAME_SCHEMAS, type ServerFrame } from '../frames.ts';
import { type ConversationId, digitsOfHalves } from '../ids.ts';
import { ByteWriter } from './byte-writer.ts';
import { checkCommand, checkServerFrame } from './check-frame.ts';
import type { Codec, Decoded } from './codec.ts';
import {
  type FieldLayout,
  layoutOf,
  type MessageLayout,
  type ScalarLayout,
  type ValueLayout,
} from './message-layout.ts';
import { readTextMessage, writeAcknowledgement, writeTextMessage } from './text-message.ts';
import {
  base64FromBytes,
  conversationFromBytes,
  uuidFromBytes,
  writeBase64,
  writeConversation,
  writeId,
  writeUuid,
} from './wire-values.ts';

type Fields = Record<string, unknown>;

interface ValueCodec {
  readonly wireType: WireType;
  /** The value; the tag stands before it. */
  write(writer: ByteWriter, value: unknown): void;
  read(reader: BinaryReader): unknown;
  /** Whether a required field need not be written. */
  isZero(value: unknown): boolean;
  zero(): unknown;
}

const safeNumber = (value: bigint | string): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('A number in a frame is larger than 2^53.');
  return number;
};

// The casts in this file hold because frames are checked by their schema before they are written (a broken promise of our own otherwise)
// and after they are read (decode), and the layout was made from that schema.
function scalarCodec(layout: ScalarLayout): ValueCodec {
  switch (layout.kind) {
    case 'text':
      return {
        wireType: WireType.LengthDelimited,
        write: (writer, value) => writer.text(value as string),
        read: (reader) => reader.string(),
        isZero: (value) => value === '',
        zero: () => '',
      };
    case 'varint':
      return {
        wireType: WireType.Varint,
        write: (writer, value) => writer.varint(value as number),
        read: (reader) => safeNumber(reader.uint64()),
        isZero: (value) => value === 0,
        zero: () => 0,
      };
    case 'bool':
      return {
        wireType: WireType.Varint,
        write: (writer, value) => writer.byte((value as boolean) ? 1 : 0),
        read: (reader) => reader.bool(),
        isZero: (value) => value === false,
        zero: () => false,
      };
    case 'enum':
      return {
        wireType: WireType.Varint,
        write: (writer, value) => writer.varint(layout.values.indexOf(value as string)),
        read: (reader) => layout.values[reader.uint32()] ?? 'unknown',
        isZero: (value) => value === layout.values[0],
        zero: () => layout.values[0],
      };
    case 'id':
      return {
        wireType: WireType.Bit64,
        write: (writer, value) => writeId(writer, value as string),
        read: (reader) => {
          const low = reader.fixed32();
          return layout.prefix + digitsOfHalves(reader.fixed32(), low);
        },
        isZero: () => false,
        zero: () => '',
      };
    case 'conversation':
      return bytesCodec((writer, value) => writeConversation(writer, value as ConversationId), conversationFromBytes);
    case 'uuid':
      return bytesCodec(writeUuid, uuidFromBytes);
    case 'base64':
      return bytesCodec(writeBase64, base64FromBytes);
  }
}

function bytesCodec(
  write: (writer: ByteWriter, text: string) => void,
  fromBytes: (bytes: Uint8Array) => string,
): ValueCodec {
  return {
    wireType: WireType.LengthDelimited,
    write: (writer, value) => {
      const start = writer.begin();
      write(writer, value as string);
      writer.end(start);
    },
    read: (reader) => fromBytes(reader.bytes()),
    isZero: (value) => value === '',
    zero: () => '',
  };
}

function valueCodec(layout: ValueLayout): ValueCodec {
  if (layout.kind === 'message') return nested(messageCodec(layout.layout));
  if (layout.kind === 'oneof') return nested(oneofCodec(layout.options));
  return scalarCodec(layout);
}

interface BodyCodec {
  write(writer: ByteWriter, value: Fields): void;
  read(reader: BinaryReader, end: number): Fields;
}

function nested(body: BodyCodec): ValueCodec {
  return {
    wireType: WireType.LengthDelimited,
    write: (writer, value) => {
      const start = writer.begin();
      body.write(writer, value as Fields);
      writer.end(start);
    },
    read: (reader) => {
      const length = reader.uint32();
      const end = reader.pos + length;
      if (end > reader.len) throw new RangeError('A nested value is longer than the frame.');
      return body.read(reader, end);
    },
    isZero: () => false,
    zero: () => ({}),
  };
}

/** FRAME-5: unknown fields are skipped. Groups are not part of proto3 and nest without bound: refused. */
function skip(reader: BinaryReader, wireType: WireType): void {
  if (wireType === WireType.StartGroup || wireType === WireType.EndGroup)
    throw new RangeError('Groups are not accepted.');
  reader.skip(wireType);
}

type CompiledField = FieldLayout & { readonly codec: ValueCodec };

function writeField(writer: ByteWriter, { number, codec }: CompiledField, value: unknown): void {
  writer.tag(number, codec.wireType);
  codec.write(writer, value);
}

function messageCodec(layout: MessageLayout): BodyCodec {
  const fields: CompiledField[] = layout.fields.map((field) => ({ ...field, codec: valueCodec(field.value) }));
  const byNumber = new Map(fields.map((field) => [field.number, field]));
  return {
    write(writer, value) {
      for (const field of fields) {
        const item = value[field.name];
        if (item === undefined || item === null) continue;
        if (field.repeated) for (const element of item as unknown[]) writeField(writer, field, element);
        else if (field.absent !== 'zero' || !field.codec.isZero(item)) writeField(writer, field, item);
      }
    },
    read(reader, end) {
      const value: Fields = layout.typeLiteral === undefined ? {} : { type: layout.typeLiteral };
      for (const field of fields) {
        if (field.absent === 'null') value[field.name] = null;
        else if (field.absent === 'zero') value[field.name] = field.repeated ? [] : field.codec.zero();
      }
      while (reader.pos < end) {
        const [number, wireType] = reader.tag();
        const field = byNumber.get(number);
        if (field === undefined || field.codec.wireType !== wireType) skip(reader, wireType);
        else if (field.repeated) {
          const list = (value[field.name] ?? []) as unknown[];
          list.push(field.codec.read(reader));
          value[field.name] = list;
        } else value[field.name] = field.codec.read(reader);
      }
      if (reader.pos !== end) throw new RangeError('A nested value does not end where it should.');
      return value;
    },
  };
}

interface OneofOption {
  readonly number: number;
  readonly layout: MessageLayout;
}

/** An envelope with exactly one of several messages; the field number stands for `type`. */
function oneofCodec(options: readonly OneofOption[]): BodyCodec {
  const byType = new Map(
    options.map(({ number, layout }) => [layout.typeLiteral, { number, codec: nested(messageCodec(layout)) }]),
  );
  const byNumber = new Map(options.map(({ number, layout }) => [number, byType.get(layout.typeLiteral)]));
  return {
    write(writer, value) {
      const option = byType.get(value.type as string);
      if (option === undefined) throw new TypeError(`The frame ${String(value.type)} has no binary form.`);
      writer.tag(option.number, WireType.LengthDelimited);
      option.codec.write(writer, value);
    },
    read(reader, end) {
      let value: Fields | undefined;
      while (reader.pos < end) {
        const [number, wireType] = reader.tag();
        const option = byNumber.get(number);
        if (option === undefined) {
          skip(reader, wireType);
          value ??= { type: `unknown_${number}` };
        } else if (wireType !== WireType.LengthDelimited)
          throw new RangeError('A frame in an envelope must be a message.');
        else value = option.codec.read(reader) as Fields;
      }
      if (value === undefined) throw new RangeError('The envelope is empty.');
      return value;
    },
  };
}

const optionsOf = (
  schemas: readonly Parameters<typeof layoutOf>[0][],
  numbers: Readonly<Record<string, number>>,
): OneofOption[] =>
  schemas.map((schema) => {
    const layout = layoutOf(schema, SERVER_FRAME_NUMBERS);
    const number = numbers[layout.typeLiteral ?? ''];
    if (number === undefined) throw new TypeError(`The frame ${layout.typeLiteral} has no number.`);
    return { number, layout };
  });

export const COMMAND_OPTIONS = optionsOf(COMMAND_SCHEMAS, COMMAND_NUMBERS);
export const SERVER_FRAME_OPTIONS = optionsOf(SERVER_FRAME_SCHEMAS, SERVER_FRAME_NUMBERS);

const commands = oneofCodec(COMMAND_OPTIONS);
const serverFrames = oneofCodec(SERVER_FRAME_OPTIONS);

/** One for all: a frame is written in one go, and nothing else runs meanwhile. */
const frameWriter = new ByteWriter();

function encode(body: Pick<BodyCodec, 'write'>, frame: { type: string }): Uint8Array<ArrayBuffer> {
  try {
    body.write(frameWriter, frame as unknown as Fields);
    return frameWriter.take();
  } finally {
    frameWriter.clear();
  }
}

function decode<T>(body: BodyCodec, data: string | Uint8Array, check: (frame: unknown) => Decoded<T>): Decoded<T> {
  if (typeof data === 'string') return { kind: 'unreadable', detail: 'This subprotocol takes binary frames.' };
  let frame: unknown;
  try {
    const reader = new BinaryReader(data);
    frame = body.read(reader, reader.len);
  } catch {
    return { kind: 'unreadable', detail: 'The frame is not protobuf of this protocol.' };
  }
  return check(frame);
}

/** Whether the frame was one of those that are written by hand. */
function writeFrequent(writer: ByteWriter, frame: ServerFrame): boolean {
  if (frame.type === 'new_message') return writeTextMessage(writer, frame);
  return frame.type === 'msg_ack' && writeAcknowledgement(writer, frame);
}

const serverFrameBody: Pick<BodyCodec, 'write'> = {
  write: (writer, frame) => {
    // The cast holds: `encodeServerFrame` is the only one who gives frames here.
    if (!writeFrequent(writer, frame as unknown as ServerFrame)) serverFrames.write(writer, frame);
  },
};

function decodeCommand(data: string | Uint8Array): Decoded<Command> {
  const frequent = typeof data === 'string' ? undefined : readTextMessage(data);
  return frequent === undefined ? decode(commands, data, checkCommand) : { kind: 'ok', value: frequent };
}

/** The codec that follows the layouts alone; tests compare what is written by hand with it. */
export const generalBinaryCodec: Pick<Codec, 'decodeCommand' | 'encodeServerFrame'> = {
  encodeServerFrame: (frame) => encode(serverFrames, frame),
  decodeCommand: (data) => decode(commands, data, checkCommand),
};

/** Subprotocol `parley.v1.pb`: protobuf (proto3 wire format, see `protoText`), about a third of the bytes of JSON. */
export const binaryCodec: Codec = {
  name: 'binary',
  encodeCommand: (command) => encode(commands, command),
  encodeServerFrame: (frame) => encode(serverFrameBody, frame),
  decodeCommand,
  decodeServerFrame: (data) => decode(serverFrames, data, checkServerFrame),
};
