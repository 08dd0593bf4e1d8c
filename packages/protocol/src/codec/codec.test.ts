import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directIdOf, makeChannelId, makeGroupId, makeMessageId, makeUserId } from '../ids.ts';
import { binaryCodec, COMMAND_OPTIONS, SERVER_FRAME_OPTIONS } from './binary-codec.ts';
import { checkCommand, checkServerFrame } from './check-frame.ts';
import type { Codec } from './codec.ts';
import { jsonCodec, nestsDeeperThan } from './json-codec.ts';
import type { FieldLayout, MessageLayout, ValueLayout } from './message-layout.ts';

const idNumbers = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
const userIds = idNumbers.map(makeUserId);

function values(layout: ValueLayout): fc.Arbitrary<unknown> {
  switch (layout.kind) {
    case 'text':
      return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }).filter((text) => text.trim().length > 0);
    case 'varint':
      return fc.oneof(fc.constantFrom(0, 1, 127, 128, 2 ** 32), fc.integer({ min: 1, max: 2 ** 31 }));
    case 'bool':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...layout.values);
    case 'id':
      return idNumbers.map((number) => layout.prefix + makeUserId(number).slice(4));
    case 'conversation':
      return fc.oneof(
        idNumbers.map(makeGroupId),
        idNumbers.map(makeChannelId),
        fc
          .uniqueArray(userIds, { minLength: 2, maxLength: 2 })
          .map(([one, other]) => directIdOf(one ?? makeUserId(1n), other ?? makeUserId(2n))),
      );
    case 'uuid':
      return fc.uuid();
    case 'base64':
      return fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
    case 'message':
      return objects(layout.layout);
    case 'oneof':
      return fc.oneof(...layout.options.map((option) => objects(option.layout)));
  }
}

function fieldValues(field: FieldLayout): fc.Arbitrary<unknown> {
  const single = values(field.value);
  const value = field.repeated
    ? fc.array(single, { minLength: field.absent === 'undefined' ? 1 : 0, maxLength: 3 })
    : single;
  if (field.absent === 'undefined') return fc.option(value, { nil: undefined });
  return field.absent === 'null' ? fc.option(value) : value;
}

const objects = (layout: MessageLayout): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(layout.fields.map((field) => [field.name, fieldValues(field)]))).map((fields) => ({
    ...(layout.typeLiteral === undefined ? {} : { type: layout.typeLiteral }),
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  }));

const MESSAGE = {
  type: 'new_message' as const,
  conversation_id: directIdOf(makeUserId(1_234_567_890_123_456n), makeUserId(2_234_567_890_123_456n)),
  seq: 17,
  count: 15,
  created_at: 1_795_175_031_753,
  sender_id: makeUserId(1_234_567_890_123_456n),
  message_id: makeMessageId(999_999_999_999_999n),
  client_msg_id: '0f0e0d0c-0b0a-4908-8706-050403020100',
  content: { text: 'Hello, shall we meet at seven in front of the station? I bring tea.' },
};

describe('codecs', () => {
  for (const { layout } of [...COMMAND_OPTIONS]) {
    it(`[FRAME-1] the command ${layout.typeLiteral} reads back the same in both encodings`, () => {
      fc.assert(
        fc.property(objects(layout), (frame) => {
          const checked = checkCommand(frame);
          fc.pre(checked.kind === 'ok');
          for (const codec of [jsonCodec, binaryCodec])
            expect(codec.decodeCommand(codec.encodeCommand(checked.value))).toEqual(checked);
        }),
        { numRuns: 50 },
      );
    });
  }
  for (const { layout } of [...SERVER_FRAME_OPTIONS]) {
    it(`[FRAME-1] the server frame ${layout.typeLiteral} reads back the same in both encodings`, () => {
      fc.assert(
        fc.property(objects(layout), (frame) => {
          const checked = checkServerFrame(frame);
          fc.pre(checked.kind === 'ok');
          for (const codec of [jsonCodec, binaryCodec])
            expect(codec.decodeServerFrame(codec.encodeServerFrame(checked.value))).toEqual(checked);
        }),
        { numRuns: 25 },
      );
    });
  }

  it('[FRAME-1] a text message takes at least 35 % fewer bytes in binary than in JSON', () => {
    const json = Buffer.byteLength(jsonCodec.encodeServerFrame(MESSAGE));
    const binary = binaryCodec.encodeServerFrame(MESSAGE).length;
    expect(binary / json).toBeLessThanOrEqual(0.65);
  });

  const codecs: readonly Codec[] = [jsonCodec, binaryCodec];
  for (const codec of codecs) {
    it(`[FRAME-3] no bytes make the ${codec.name} codec throw`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          codec.decodeCommand(bytes);
          codec.decodeServerFrame(bytes);
        }),
        { numRuns: 2_000 },
      );
    });

    it(`[FRAME-3] truncated and flipped ${codec.name} frames are refused or read as another frame, never half`, () => {
      const bytes = Buffer.from(codec.encodeServerFrame(MESSAGE));
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(255), (index, byte) => {
          const truncated = codec.decodeServerFrame(bytes.subarray(0, index));
          expect(truncated.kind).not.toBe('ok');
          const flipped = Buffer.from(bytes);
          flipped[index] = byte;
          const read = codec.decodeServerFrame(flipped);
          if (read.kind === 'ok') expect(checkServerFrame(read.value).kind).toBe('ok');
        }),
        { numRuns: 2_000 },
      );
    });
  }

  it('[FRAME-3] deep nesting is refused in JSON, brackets inside texts do not count', () => {
    expect(jsonCodec.decodeCommand(`{"type":"ping","id":1,"x":${'['.repeat(20)}${']'.repeat(20)}}`).kind).toBe(
      'unreadable',
    );
    expect(nestsDeeperThan(JSON.stringify({ text: '[[[[{{{{"[[', more: [1] }), 3)).toBe(false);
  });

  it('[FRAME-3] text frames are not binary frames, and broken UTF-8 is no JSON', () => {
    expect(binaryCodec.decodeCommand('{"type":"ping","id":1}').kind).toBe('unreadable');
    expect(jsonCodec.decodeCommand(Uint8Array.of(0x22, 0xff, 0x22)).kind).toBe('unreadable');
  });

  it('[FRAME-4] wrong fields are named, the id is kept for the answer, unknown types are told', () => {
    const invalid = jsonCodec.decodeCommand('{"type":"typing_start","id":7,"conversation_id":{"$ne":1}}');
    expect(invalid).toMatchObject({ kind: 'invalid', id: 7, fields: [{ field: 'conversation_id' }] });
    expect(jsonCodec.decodeCommand('{"type":"fly","id":8}')).toEqual({ kind: 'unknown_type', id: 8, frameType: 'fly' });
  });

  it('[FRAME-5] unknown fields are ignored in both encodings', () => {
    expect(jsonCodec.decodeCommand('{"type":"ping","id":3,"later":{"a":1},"__proto__":{"admin":true}}')).toEqual({
      kind: 'ok',
      value: { type: 'ping', id: 3 },
    });
    const ping = Buffer.from(binaryCodec.encodeCommand({ type: 'ping', id: 3 }));
    // Tag of field 17 takes two bytes, then the length: append field 100 (varint 1) inside the ping.
    const longer = Buffer.concat([ping, Buffer.from([0xa0, 0x06, 0x01])]);
    longer[2] = (longer[2] ?? 0) + 3;
    expect(binaryCodec.decodeCommand(longer)).toEqual({ kind: 'ok', value: { type: 'ping', id: 3 } });
  });
});
