import { checkCommand, checkServerFrame } from './check-frame.ts';
import type { Codec, Decoded } from './codec.ts';

const DEPTH_MAX = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** FRAME-3: refuses deep nesting before anything walks the value. Brackets inside texts are skipped. */
export function nestsDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inText) {
      if (unit === 0x5c) index += 1;
      else if (unit === 0x22) inText = false;
    } else if (unit === 0x22) inText = true;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return false;
}

function read<T>(data: string | Uint8Array, check: (frame: unknown) => Decoded<T>): Decoded<T> {
  let frame: unknown;
  try {
    const text = typeof data === 'string' ? data : utf8.decode(data);
    if (nestsDeeperThan(text, DEPTH_MAX))
      return { kind: 'unreadable', detail: `A frame must not nest deeper than ${DEPTH_MAX}.` };
    frame = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', detail: 'The frame is not JSON in UTF-8.' };
  }
  return check(frame);
}

/** Subprotocol `parley.v1.json`: for people, bots and debugging. */
export const jsonCodec: Codec = {
  name: 'json',
  encodeCommand: (command) => JSON.stringify(command),
  encodeServerFrame: (frame) => JSON.stringify(frame),
  decodeCommand: (data) => read(data, checkCommand),
  decodeServerFrame: (data) => read(data, checkServerFrame),
};
