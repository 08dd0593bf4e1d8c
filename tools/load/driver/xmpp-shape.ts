import { jsonCodec } from '@parley/protocol';
import type { FrameShape, Greeter } from './frame-shape.ts';
import type { Seat } from './plan.ts';
import { readStamp, readUuid, STAMP_BYTES, UUID_LENGTH, uuidText, writeStamp, writeUuid } from './stamp.ts';
import { frameOf, OPCODE } from './websocket-bytes.ts';

/** The host whose accounts the bench makes, and the password of all of them. */
export const XMPP_HOST = 'localhost';
export const XMPP_PASSWORD = 'bench';
export const xmppName = (seat: number): string => `seat${seat}`;

const ID = Buffer.from(" id='");
const DOUBLE_ID = Buffer.from(' id="');
const MESSAGE = Buffer.from('<message');
const ACKNOWLEDGED = Buffer.from('<a ');
const stampBytes = new Uint8Array(STAMP_BYTES);
const uuid = new Uint8Array(UUID_LENGTH);
const OPEN = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${XMPP_HOST}" version="1.0"/>`;
const ASK = "<r xmlns='urn:xmpp:sm:3'/>";

/** RFC 7395, RFC 6120 and XEP-0198: log in, bind a resource, tell presence, turn stream management on. Its own questions are answered with what arrived. */
function greeter({ address }: Seat): Greeter {
  let others = 0;
  let enabled = false;
  return (payload, delivered) => {
    const text = payload.toString();
    if (text.includes('<mechanisms')) {
      const secret = Buffer.from(`\0${address?.own}\0${XMPP_PASSWORD}`).toString('base64');
      return { send: [`<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${secret}</auth>`] };
    }
    if (text.startsWith('<success')) return { send: [OPEN] };
    if (text.includes('xmpp-bind') && text.includes('features'))
      return {
        send: [
          '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>bench</resource></bind></iq>',
        ],
      };
    if (/id=['"]bind['"]/.test(text))
      return { send: ['<presence xmlns="jabber:client"/>', '<enable xmlns="urn:xmpp:sm:3"/>'] };
    if (text.startsWith('<enabled')) {
      enabled = true;
      return { live: true };
    }
    if (text.startsWith('<r ')) return { send: [`<a xmlns="urn:xmpp:sm:3" h="${delivered + others}"/>`] };
    if (/^<(failure|failed|stream:error|close)/.test(text)) throw new Error(`The XMPP server refused: ${text}`);
    if (enabled) others += 1;
    return {};
  };
}

/** A chat stanza and, in the same write, the question of stream management whether it was handled: the answer is the acknowledgement. */
export function xmppShape(): FrameShape {
  return {
    codec: jsonCodec,
    opcode: OPCODE.text,
    acknowledgesInOrder: true,
    subprotocol: 'xmpp',
    opening: OPEN,
    greeter,
    stampPlace: () => 0,
    template(command, mask, { address }) {
      const text = command.type === 'send_message' ? (command.content?.text ?? '') : '';
      const id = uuidText(new Uint8Array(STAMP_BYTES));
      const payload = Buffer.from(
        `<message xmlns='jabber:client' to='${address?.to}@${XMPP_HOST}' type='chat' id='${id}'><body>${text}</body></message>`,
      );
      const message = frameOf(OPCODE.text, payload, mask);
      const stampAt = message.length - payload.length + payload.indexOf(ID) + ID.length;
      return { frame: Buffer.concat([message, frameOf(OPCODE.text, Buffer.from(ASK), mask)]), stampAt };
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
      const begins = (word: Buffer): boolean => bytes.compare(word, 0, word.length, start, start + word.length) === 0;
      if (begins(ACKNOWLEDGED)) return 'next_ack';
      if (!begins(MESSAGE)) return 'other';
      const single = bytes.indexOf(ID, start);
      const at = single >= 0 && single < end ? single : bytes.indexOf(DOUBLE_ID, start);
      if (at < 0 || at >= end) return 'other';
      readUuid(bytes, at + ID.length, stampBytes);
      readStamp(stampBytes, 0, stamp);
      return 'new_message';
    },
  };
}
