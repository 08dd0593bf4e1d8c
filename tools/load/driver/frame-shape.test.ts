import { type Command, directIdOf, makeMessageId, makeUserId, type ServerFrame } from '@parley/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameShape } from './frame-shape.ts';
import { stampedUuid as idOf, type Stamp } from './stamp.ts';
import { type FramePlace, readFrame } from './websocket-bytes.ts';

const conversation_id = directIdOf(makeUserId(1n << 60n), makeUserId(77n));
const stamps = fc.record({
  seat: fc.nat(2 ** 31),
  slot: fc.nat(65_535),
  run: fc.nat(65_535),
  sentUs: fc.maxSafeNat(),
});
const nowhere = (): FramePlace => ({ opcode: 0, mask: -1, start: 0, end: 0 });
const blank = (): Stamp => ({ seat: 0, slot: 0, run: 0, sentUs: 0 });

for (const name of ['binary', 'json'] as const) {
  const shape = frameShape(name);

  test(`${name}: a patched template is the command with the stamp as its client_msg_id, masked`, () => {
    fc.assert(
      fc.property(stamps, fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(300), (stamp, mask, length) => {
        const command: Command = {
          type: 'send_message',
          id: 5,
          client_msg_id: '',
          conversation_id,
          content: { text: 'x'.repeat(length + 1) },
        };
        const template = shape.template(command, mask, { seat: 0, path: '/', lanes: [] });
        shape.patch(template, stamp);
        const place = nowhere();
        expect(readFrame(template.frame, 0, template.frame.length, place)).toBe(true);
        const payload = template.frame
          .subarray(place.start, place.end)
          .map((byte, index) => byte ^ (template.frame[place.mask + (index & 3)] ?? 0));
        expect(shape.codec.decodeCommand(payload)).toEqual({
          kind: 'ok',
          value: { ...command, client_msg_id: idOf(stamp) },
        });
      }),
    );
  });

  test(`${name}: the stamp of an acknowledgement and of a message is read without decoding; other frames are left to the codec`, () => {
    fc.assert(
      fc.property(stamps, fc.nat(2 ** 40), fc.nat(600), (stamp, number, length) => {
        const header = { conversation_id, seq: number + 1, count: number, created_at: 1_795_175_031_753 };
        const client_msg_id = idOf(stamp);
        const message_id = makeMessageId(BigInt(number));
        const content = { text: 'x'.repeat(length + 1) };
        const frames: ServerFrame[] = [
          { type: 'msg_ack', re: 7, ...header, client_msg_id, message_id, duplicate: false },
          // The type need not come first in JSON.
          { ...header, sender_id: makeUserId(9n), type: 'new_message', message_id, client_msg_id, content },
          { type: 'done', re: 7 },
        ];
        const seen = frames.map((frame) => {
          const bytes = Buffer.concat([Buffer.from('??'), Buffer.from(shape.codec.encodeServerFrame(frame))]);
          const found = blank();
          return [shape.look(bytes, 2, bytes.length, found), found];
        });
        expect(seen).toEqual([
          ['msg_ack', stamp],
          ['new_message', stamp],
          ['other', blank()],
        ]);
      }),
    );
  });
}

test('the id of a message is a UUID that begins with the time, as the ids of the SDK do', () => {
  fc.assert(
    fc.property(stamps, stamps, (one, other) => {
      expect(idOf(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const [earlier, later] = one.sentUs < other.sentUs ? [one, other] : [other, one];
      if (later.sentUs - earlier.sentUs >= 1_000) expect(idOf(earlier) < idOf(later)).toBe(true);
    }),
  );
});
