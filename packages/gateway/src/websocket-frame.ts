const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const CONTROL = { close: 0x88, pong: 0x8a } as const;

/**
 * One unfragmented WebSocket frame as a server sends it (RFC 6455 §5.2): never masked, so the bytes are the same for every receiver.
 * Text payloads become text frames, bytes become binary frames.
 */
export function webSocketFrame(payload: string | Uint8Array): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = typeof payload === 'string' ? FINAL_TEXT : FINAL_BINARY;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  if (typeof payload === 'string') frame.write(payload, headerLength);
  else frame.set(payload, headerLength);
  return frame;
}

/** A close or pong frame; its payload has at most 125 bytes (RFC 6455 §5.5). */
export function controlFrame(kind: keyof typeof CONTROL, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(CONTROL[kind], payload.length), payload]);
}
