import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameLimits, FrameReader } from './frame-reader.ts';

const LIMITS: FrameLimits = { messageBytesMax: 70_000, fragmentsMax: 8 };
const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x88;
const PING = 0x89;
const PONG = 0x8a;

/** A client's frame as RFC 6455 §5.2 lays it out. */
function frame(first: number, payload: Uint8Array, mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.of(first, 0x80 | length)
      : length < 65_536
        ? Buffer.of(first, 0x80 | 126, length >> 8, length & 0xff)
        : Buffer.concat([Buffer.of(first, 0x80 | 127, 0, 0, 0, 0), u32(length)]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What a reader tells of pieces. */
function told(pieces: readonly Uint8Array[], limits = LIMITS): unknown[] {
  const events: unknown[] = [];
  const listener = {
    message: (data: Buffer, isBinary: boolean) => events.push([isBinary ? 'binary' : 'text', data.toString('latin1')]),
    ping: (payload: Buffer) => events.push(['ping', payload.toString('latin1')]),
    pong: (payload: Buffer) => events.push(['pong', payload.toString('latin1')]),
    closing: (code: number | undefined) => events.push(['closing', code]),
    violated: (kind: string) => events.push(['violated', kind]),
  };
  const reader = new FrameReader(listener, limits);
  // A copy: reading unmasks in place.
  for (const piece of pieces) reader.read(Buffer.from(piece));
  return events;
}

describe('FrameReader', () => {
  const example = fc.record({
    first: fc.constantFrom(TEXT, BINARY, PING, PONG),
    payload: fc.uint8Array({ maxLength: 125 }),
    mask: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  });

  it('[FRAME-1] whatever pieces the bytes come in, the same frames are told', () => {
    const property = fc.property(fc.array(example, { maxLength: 6 }), fc.array(fc.nat(40)), (frames, sizes) => {
      const bytes = Buffer.concat(frames.map(({ first, payload, mask }) => frame(first, payload, Buffer.from(mask))));
      const kinds = new Map([
        [TEXT, 'text'],
        [BINARY, 'binary'],
        [PING, 'ping'],
        [PONG, 'pong'],
      ]);
      const expected = frames.map(({ first, payload }) => [kinds.get(first), Buffer.from(payload).toString('latin1')]);
      const pieces: Buffer[] = [];
      let at = 0;
      for (const size of sizes) {
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(told([...pieces, bytes.subarray(at)])).toEqual(expected);
      expect(told(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(expected);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('a message of %d bytes is told as it was written', (length) => {
    const payload = Buffer.alloc(length, 'äxyz€');
    expect(told([frame(TEXT, payload), frame(BINARY, payload)])).toEqual([
      ['text', payload.toString('latin1')],
      ['binary', payload.toString('latin1')],
    ]);
  });

  it('fragments make one message, and a ping between them is answered first', () => {
    const pieces = [
      frame(0x01, Buffer.from('one ')),
      frame(PING, Buffer.from('?')),
      frame(0x00, Buffer.from('two ')),
      frame(0x80, Buffer.from('three')),
    ];
    expect(told(pieces)).toEqual([
      ['ping', '?'],
      ['text', 'one two three'],
    ]);
    expect(told([...pieces, ...pieces])).toHaveLength(4);
  });

  it('a listener keeps what it was given, whatever comes after', () => {
    const kept: Buffer[] = [];
    const none = () => undefined;
    const reader = new FrameReader(
      { message: (data) => kept.push(data), ping: none, pong: none, closing: none, violated: none },
      LIMITS,
    );
    const bytes = Buffer.concat(['first', 'second', 'third'].map((text) => frame(TEXT, Buffer.from(text))));
    for (const byte of bytes) reader.read(Buffer.of(byte));
    expect(kept.map(String)).toEqual(['first', 'second', 'third']);
  });

  it.each([
    ['a reserved bit', frame(0xc1, Buffer.from('x'))],
    ['an unknown opcode', frame(0x83, Buffer.from('x'))],
    ['an unknown control opcode', frame(0x8b, Buffer.from('x'))],
    ['no mask', Buffer.from([TEXT, 1, 0x78])],
    ['a continuation of nothing', frame(0x80, Buffer.from('x'))],
    ['a message within a message', Buffer.concat([frame(0x01, Buffer.from('x')), frame(TEXT, Buffer.from('y'))])],
    ['a ping in fragments', frame(0x09, Buffer.from('x'))],
    ['a ping of 126 bytes', frame(PING, Buffer.alloc(126))],
    ['a close of one byte', frame(CLOSE, Buffer.from('x'))],
    ['a close code of 1005', frame(CLOSE, Buffer.from([0x03, 0xed]))],
    ['a close code of 999', frame(CLOSE, Buffer.from([0x03, 0xe7]))],
    ['a close code of 5000', frame(CLOSE, Buffer.from([0x13, 0x88]))],
    [
      'nine fragments',
      Buffer.concat([frame(0x01, Buffer.alloc(0)), ...Array.from({ length: 8 }, () => frame(0x00, Buffer.alloc(0)))]),
    ],
  ])('[FRAME-3] %s is told once, and nothing after it is read', (_name, bytes) => {
    const valid = frame(TEXT, Buffer.from('after'));
    expect(told([bytes, valid])).toEqual([['violated', 'BAD_FRAME']]);
    expect(told([Buffer.concat([bytes, valid])])).toEqual([['violated', 'BAD_FRAME']]);
  });

  it('[FRAME-2] a message that would be too large is refused at its head, also when it comes in fragments', () => {
    expect(told([frame(TEXT, Buffer.alloc(70_001)).subarray(0, 10)])).toEqual([['violated', 'TOO_LARGE']]);
    const half = Buffer.alloc(35_001);
    expect(told([frame(0x01, half), frame(0x80, half).subarray(0, 4)])).toEqual([['violated', 'TOO_LARGE']]);
    const endless = Buffer.from([TEXT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(told([endless])).toEqual([['violated', 'TOO_LARGE']]);
  });

  it('after a close frame nothing is read', () => {
    const valid = frame(TEXT, Buffer.from('after'));
    expect(told([frame(CLOSE, Buffer.from([0x03, 0xe8, 0x62, 0x79, 0x65])), valid])).toEqual([['closing', 1000]]);
    expect(told([Buffer.concat([frame(CLOSE, Buffer.alloc(0)), valid])])).toEqual([['closing', undefined]]);
  });

  it('any bytes at all are read to an end', () => {
    const property = fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (pieces) => {
      const events = told(pieces);
      const ends = events.findIndex((event) => ['closing', 'violated'].includes((event as [string])[0]));
      expect(ends === -1 || ends === events.length - 1).toBe(true);
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
