import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../entries.ts';
import { directIdOf, makeChannelId, makeGroupId, makeMessageId, makeUserId } from '../ids.ts';
import type { NoticeOf } from '../server-frames.ts';
import { binaryCodec, generalBinaryCodec } from './binary-codec.ts';
import { readTextMessage } from './text-message.ts';

const idNumbers = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
const userIds = idNumbers.map(makeUserId);
const conversationIds = fc.oneof(
  idNumbers.map(makeGroupId),
  idNumbers.map(makeChannelId),
  fc
    .uniqueArray(userIds, { minLength: 2, maxLength: 2 })
    .map(([one, other]) => directIdOf(one ?? makeUserId(1n), other ?? makeUserId(2n))),
);
const numbers = fc.oneof(fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2 ** 32), fc.maxSafeNat());
/** Every kind of text, among them those that the schema refuses: blank, with control characters, too long. */
const texts = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' \n',
    '\t tab',
    '\u0007',
    '\u0085',
    '\u00a0',
    '\ufeff',
    // Around the lengths from which on a length itself takes a byte more, in units and in bytes.
    'x'.repeat(127),
    'x'.repeat(128),
    'ü'.repeat(63),
    'ü'.repeat(64),
    'ü'.repeat(8_191),
    'ü'.repeat(8_192),
    'x'.repeat(16_000),
    'x'.repeat(16_001),
    'ü'.repeat(9_000),
  ),
);
const asked = fc.record({
  type: fc.constant('send_message' as const),
  id: fc.oneof(fc.constantFrom(0, 1, 127, 128, 4_294_967_295), fc.nat()),
  client_msg_id: fc.uuid(),
  conversation_id: conversationIds,
  content: fc.oneof(
    fc.record({ text: texts }),
    fc.record({ text: texts, reply_to: fc.nat() }),
    fc.record({ text: texts, mentions: fc.array(userIds, { minLength: 1, maxLength: 3 }) }),
    fc.record({ sealed: fc.constant('AAAA') }),
  ),
});

/** Whatever is read by hand is what the general codec reads. */
function expectSame(bytes: Uint8Array): void {
  const value = readTextMessage(bytes);
  if (value !== undefined) expect(generalBinaryCodec.decodeCommand(bytes)).toEqual({ kind: 'ok', value });
  expect(binaryCodec.decodeCommand(bytes)).toEqual(generalBinaryCodec.decodeCommand(bytes));
}

describe('the text message by hand', () => {
  it('[FRAME-1] commands read as the general codec reads them, taken or refused', () => {
    fc.assert(
      fc.property(asked, (command) => expectSame(binaryCodec.encodeCommand(command) as Uint8Array)),
      { numRuns: 1_000 },
    );
  });

  it('[FRAME-3] so do broken ones: cut off, with a changed byte, a missing or an added one', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('cut', 'set', 'drop', 'add') });
    fc.assert(
      fc.property(asked, fc.array(damage, { minLength: 1, maxLength: 2 }), (command, damages) => {
        let bytes = [...(binaryCodec.encodeCommand(command) as Uint8Array)].slice(0, 400);
        for (const { at, byte, kind } of damages) {
          const place = at % (bytes.length + 1);
          if (kind === 'cut') bytes = bytes.slice(0, place);
          else bytes.splice(place, kind === 'add' ? 0 : 1, ...(kind === 'drop' ? [] : [byte]));
        }
        expectSame(Uint8Array.from(bytes));
      }),
      { numRuns: 5_000 },
    );
  });

  it('[FRAME-3] a conversation of users in the wrong order, or with a number of 64 bits, is refused as ever', () => {
    const command = {
      type: 'send_message' as const,
      id: 1,
      client_msg_id: '0f0e0d0c-0b0a-4908-8706-050403020100',
      conversation_id: directIdOf(makeUserId(1n), makeUserId(2n)),
      content: { text: 'hello' },
    };
    const bytes = binaryCodec.encodeCommand(command) as Uint8Array;
    // Envelope 2, id 2, key 18, tag and length of the conversation 2: the first user begins at 24, the second at 32.
    expect([bytes[31], bytes[39]]).toEqual([1, 2]);
    for (const [at, byte] of [
      [31, 2],
      [31, 3],
      [24, 0x80],
      [32, 0x80],
    ] as const) {
      const changed = Uint8Array.from(bytes);
      changed[at] = byte;
      expect(binaryCodec.decodeCommand(changed).kind).not.toBe('ok');
      expectSame(changed);
    }
  });

  it('reads what it is there for: a text and nothing else', () => {
    fc.assert(
      fc.property(asked, (command) => {
        fc.pre(command.id > 0 && generalBinaryCodec.decodeCommand(binaryCodec.encodeCommand(command)).kind === 'ok');
        const isPlain = Object.keys(command.content).join() === 'text';
        expect(readTextMessage(binaryCodec.encodeCommand(command) as Uint8Array) !== undefined).toBe(isPlain);
      }),
    );
  });

  it('[FRAME-1] entries and acknowledgements are the same bytes', () => {
    const shared = {
      conversation_id: conversationIds,
      seq: numbers,
      count: numbers,
      created_at: numbers,
      client_msg_id: fc.uuid(),
    };
    const entries: fc.Arbitrary<NewMessage> = fc.record({
      ...shared,
      type: fc.constant('new_message' as const),
      sender_id: userIds,
      message_id: idNumbers.map(makeMessageId),
      content: fc.oneof(fc.record({ text: texts }), fc.record({ text: texts, reply_to: fc.nat() })),
    });
    const acks: fc.Arbitrary<NoticeOf<'msg_ack'>> = fc.record(
      {
        ...shared,
        type: fc.constant('msg_ack' as const),
        re: fc.nat(),
        message_id: idNumbers.map(makeMessageId),
        duplicate: fc.boolean(),
      },
      { requiredKeys: ['type', 're', 'conversation_id', 'client_msg_id', 'created_at', 'duplicate'] },
    );
    fc.assert(
      fc.property(fc.oneof(entries, acks), (frame) => {
        expect(binaryCodec.encodeServerFrame(frame)).toEqual(generalBinaryCodec.encodeServerFrame(frame));
      }),
      { numRuns: 1_000 },
    );
  });

  it('frames written one after the other keep their bytes, also across blocks and after a large one', () => {
    const frames = [10, 3_000, 60_000, 1, 200, 9_000, 5].map((length, seq) => ({
      type: 'new_message' as const,
      conversation_id: makeGroupId(1n),
      seq: seq + 1,
      count: 1,
      created_at: 1,
      sender_id: makeUserId(1n),
      message_id: makeMessageId(1n),
      client_msg_id: '0f0e0d0c-0b0a-4908-8706-050403020100',
      content: { text: String(seq).repeat(Math.min(length, 16_000)) },
    }));
    const written = [...frames, ...frames].map((frame) => binaryCodec.encodeServerFrame(frame));
    expect(written.map((bytes) => binaryCodec.decodeServerFrame(bytes))).toEqual(
      [...frames, ...frames].map((value) => ({ kind: 'ok', value })),
    );
  });
});
