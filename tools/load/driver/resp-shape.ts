import { jsonCodec } from '@parley/protocol';
import type { FrameShape } from './frame-shape.ts';
import { RespWire, respCommand } from './resp-wire.ts';
import { readStamp, STAMP_BYTES, writeStamp } from './stamp.ts';
import { OPCODE } from './websocket-bytes.ts';

const STAMP_NAME = 's';
const BULK = '$'.charCodeAt(0);
const ENTRY = STAMP_NAME.charCodeAt(0);
const stampBytes = new Uint8Array(STAMP_BYTES).fill(0xf5);
/** Between the name of the stamp's field and the stamp: the end of a line, `$16` and another one. */
const NAME_TO_STAMP = STAMP_NAME.length + `\r\n$${STAMP_BYTES}\r\n`.length;

/** Messages as entries of Redis Streams: XADD to the partner's stream, its reply (the id of the entry) is the acknowledgement. */
export function respShape(): FrameShape {
  return {
    codec: jsonCodec,
    opcode: OPCODE.binary,
    acknowledgesInOrder: true,
    connect: (target, seat, listener) => new RespWire(target, seat, listener),
    stampPlace: () => 0,
    template(command, _mask, seat) {
      const text = command.type === 'send_message' ? (command.content?.text ?? '') : '';
      const frame = respCommand('XADD', seat.address?.to ?? '', '*', STAMP_NAME, stampBytes, 't', text);
      return { frame, stampAt: frame.indexOf(stampBytes) };
    },
    patch: ({ frame, stampAt }, stamp) => writeStamp(frame, stampAt, stamp),
    look(bytes, start, _end, stamp) {
      const kind = bytes[start];
      if (kind === BULK) return 'next_ack';
      if (kind !== ENTRY) return 'other';
      readStamp(bytes, start + NAME_TO_STAMP, stamp);
      return 'new_message';
    },
  };
}
