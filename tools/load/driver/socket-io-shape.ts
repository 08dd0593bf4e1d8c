import { jsonCodec } from '@parley/protocol';
import type { FrameShape } from './frame-shape.ts';
import { readStamp, readUuid, STAMP_BYTES, UUID_LENGTH, uuidText, writeStamp, writeUuid } from './stamp.ts';
import { frameOf, OPCODE } from './websocket-bytes.ts';

/** Packets of Socket.IO 4 over Engine.IO 4, as far as the peer of the bench uses them: the first digits name the kind. */
const PACKET = { open: '0', ping: '2', pong: '3', connect: '40', event: 0x32, acknowledgement: 0x33 } as const;
const KEY = Buffer.from('"client_msg_id":"');
const stampBytes = new Uint8Array(STAMP_BYTES);
const uuid = new Uint8Array(UUID_LENGTH);

/** The same messages in the words of Socket.IO: an event `send` with an acknowledgement, and an event `message` for the others. */
export function socketIoShape(): FrameShape {
  const payloadOf = (text: string): Buffer =>
    // The acknowledgement's number may be the same for all: the stamp in it tells them apart.
    Buffer.from(`420${JSON.stringify(['send', { client_msg_id: uuidText(new Uint8Array(STAMP_BYTES)), text }])}`);
  const placeIn = (payload: Buffer): number => payload.indexOf(KEY) + KEY.length;
  return {
    codec: jsonCodec,
    opcode: OPCODE.text,
    greeter: () => (payload) => {
      const packet = payload.toString('latin1', 0, 2);
      if (packet.startsWith(PACKET.open)) return { send: [PACKET.connect] };
      if (packet === PACKET.ping) return { send: [PACKET.pong] };
      return { live: packet === PACKET.connect };
    },
    stampPlace: () => placeIn(payloadOf('')),
    template(command, mask) {
      const text = command.type === 'send_message' ? (command.content?.text ?? '') : '';
      const payload = payloadOf(text);
      const frame = frameOf(OPCODE.text, payload, mask);
      return { frame, stampAt: frame.length - payload.length + placeIn(payload) };
    },
    patch({ frame, stampAt }, stamp) {
      writeStamp(stampBytes, 0, stamp);
      writeUuid(uuid, 0, stampBytes);
      const maskAt = ((frame[1] ?? 0) & 0x7f) < 126 ? 2 : 4;
      const phase = stampAt - maskAt - 4;
      for (let index = 0; index < UUID_LENGTH; index += 1)
        frame[stampAt + index] = (uuid[index] ?? 0) ^ (frame[maskAt + ((phase + index) & 3)] ?? 0);
    },
    look(bytes, start, end, stamp) {
      const at = bytes.indexOf(KEY, start);
      if (at < 0 || at >= end) return 'other';
      readUuid(bytes, at + KEY.length, stampBytes);
      readStamp(stampBytes, 0, stamp);
      return bytes[start + 1] === PACKET.event ? 'new_message' : 'msg_ack';
    },
  };
}
