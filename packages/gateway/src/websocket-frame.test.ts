import { describe, expect, it } from 'vitest';
import { webSocketFrame } from './websocket-frame.ts';

/** Reads a frame as RFC 6455 §5.2 lays it out. */
function read(bytes: Buffer) {
  const short = (bytes[1] ?? 0) & 0x7f;
  const headerLength = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { first: bytes[0], masked: (bytes[1] ?? 0) > 0x7f, length, payload: bytes.subarray(headerLength) };
}

describe('webSocketFrame', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    it(`[FRAME-1] a payload of ${length} bytes is one unmasked frame, as text and as bytes`, () => {
      const text = 'é'.repeat(length >> 1) + 'x'.repeat(length & 1);
      expect(read(webSocketFrame(text))).toEqual({ first: 0x81, masked: false, length, payload: Buffer.from(text) });
      const bytes = Buffer.alloc(length, 7);
      expect(read(webSocketFrame(bytes))).toEqual({ first: 0x82, masked: false, length, payload: bytes });
    });
  }
});
