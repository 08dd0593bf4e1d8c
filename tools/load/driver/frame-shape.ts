import {
  binaryCodec,
  type Codec,
  type Command,
  type ConversationId,
  directIdOf,
  jsonCodec,
  makeMessageId,
  makeUserId,
  type NewMessage,
  type ServerFrame,
  type SubprotocolName,
} from '@parley/protocol';
import type { Seat } from './plan.ts';
import { readStamp, readUuid, STAMP_BYTES, type Stamp, UUID_LENGTH, uuidText, writeStamp, writeUuid } from './stamp.ts';
import { frameOf, OPCODE } from './websocket-bytes.ts';
import type { WireListener, WireTarget } from './wire.ts';

/** Command id of every message: answers are told apart by their stamp. */
const MESSAGE_ID = 10;

/** The one command that the driver sends over and over; its `client_msg_id` is written into the template. */
export const messageCommand = (conversationId: ConversationId, text: string): Command => ({
  type: 'send_message',
  id: MESSAGE_ID,
  client_msg_id: '',
  conversation_id: conversationId,
  content: { text },
});

/** What the driver sees in a server frame without decoding it. `next_ack`: acknowledges the oldest message on the way; `other`: the caller decodes it. */
export type SeenFrame = 'msg_ack' | 'next_ack' | 'new_message' | 'other';

/** What a peer wants to hear on a frame that is no message, and whether the connection is live now. Throws when the peer refuses. */
export type Greeter = (
  payload: Buffer,
  delivered: number,
) => { readonly send?: readonly string[]; readonly live?: boolean };

/** Bytes to and from a server. */
export interface Connection {
  readonly opened: Promise<void>;
  readonly bytesIn: number;
  write(frames: Buffer): void;
  close(): void;
}

/** A command as bytes on the wire; only its `client_msg_id` changes from one sending to the next. */
export interface CommandTemplate {
  readonly frame: Buffer;
  stampAt: number;
}

/** How one codec writes the frames that the driver looks into. */
export interface FrameShape {
  readonly codec: Codec;
  readonly opcode: number;
  /** Only of peers: the WebSocket subprotocol, and what a client says first. */
  readonly subprotocol?: string;
  readonly opening?: string;
  /** Only of peers: their log-in, one for each connection. */
  readonly greeter?: (seat: Seat) => Greeter;
  /** Only of peers that do not speak WebSocket. */
  readonly connect?: (target: WireTarget, seat: Seat, listener: WireListener) => Connection;
  /** Only of peers: acknowledgements carry no stamp, but come in the order of the messages. */
  readonly acknowledgesInOrder?: boolean;
  /** A masked frame with a place for the stamp. The command must hold a `client_msg_id`. */
  template(command: Command, mask: Uint8Array, seat: Seat): CommandTemplate;
  /** Where the stamp stands in the command, before framing. */
  stampPlace(command: Command): number;
  /** Writes the stamp into the frame of a template, under its mask. */
  patch(template: CommandTemplate, stamp: Stamp): void;
  /** What lies in `bytes` from `start` to `end`, and of msg_ack and new_message the stamp. */
  look(bytes: Buffer, start: number, end: number, stamp: Stamp): SeenFrame;
}

const codecs: Readonly<Record<SubprotocolName, Codec>> = { binary: binaryCodec, json: jsonCodec };
const MARK = Uint8Array.from({ length: STAMP_BYTES }, (_, place) => 0xf0 - place * 7);
const scratch = new Uint8Array(UUID_LENGTH);
const stampBytes = new Uint8Array(STAMP_BYTES);

export function frameShape(name: SubprotocolName): FrameShape {
  const codec = codecs[name];
  const opcode = name === 'binary' ? OPCODE.binary : OPCODE.text;
  const mark = name === 'binary' ? Buffer.from(MARK) : Buffer.from(uuidText(MARK));
  const markedPayload = (command: Command): { readonly payload: Buffer; readonly at: number } => {
    // The cast holds: the caller's command has that field, and it is a UUID.
    const marked = { ...command, client_msg_id: uuidText(MARK) } as Command;
    const payload = Buffer.from(codec.encodeCommand(marked));
    return { payload, at: payload.indexOf(mark) };
  };
  return {
    codec,
    opcode,
    stampPlace: (command) => markedPayload(command).at,
    template(command, mask) {
      const { payload, at } = markedPayload(command);
      const frame = frameOf(opcode, payload, mask);
      return { frame, stampAt: frame.length - payload.length + at };
    },
    patch({ frame, stampAt }, stamp) {
      writeStamp(stampBytes, 0, stamp);
      if (name === 'json') writeUuid(scratch, 0, stampBytes);
      const source = name === 'json' ? scratch : stampBytes;
      const length = name === 'json' ? UUID_LENGTH : STAMP_BYTES;
      const maskAt = ((frame[1] ?? 0) & 0x7f) < 126 ? 2 : 4;
      const phase = stampAt - maskAt - 4;
      for (let index = 0; index < length; index += 1)
        frame[stampAt + index] = (source[index] ?? 0) ^ (frame[maskAt + ((phase + index) & 3)] ?? 0);
    },
    look: name === 'binary' ? lookInBinary() : lookInJson,
  };
}

const PERSON = makeUserId(1n);
const CONVERSATION = directIdOf(PERSON, makeUserId(2n));
const SAMPLE_ACK: ServerFrame = {
  type: 'msg_ack',
  re: 1,
  conversation_id: CONVERSATION,
  client_msg_id: uuidText(MARK),
  message_id: makeMessageId(3n),
  seq: 1,
  count: 1,
  created_at: 1,
  duplicate: false,
};
const SAMPLE_MESSAGE: NewMessage = {
  type: 'new_message',
  conversation_id: CONVERSATION,
  seq: 1,
  count: 1,
  created_at: 1,
  sender_id: PERSON,
  message_id: makeMessageId(3n),
  client_msg_id: uuidText(MARK),
  content: { text: 'x' },
};

/** Server frames of these two kinds with a known stamp: for floor servers that answer as Parley does, without its work. */
export function sampleFrames(
  name: SubprotocolName,
  text: string,
): { readonly ack: Buffer; readonly message: Buffer; stampIn(frame: Buffer): number } {
  const shape = codecs[name];
  const mark = name === 'binary' ? Buffer.from(MARK) : Buffer.from(uuidText(MARK));
  return {
    ack: Buffer.from(shape.encodeServerFrame(SAMPLE_ACK)),
    message: Buffer.from(shape.encodeServerFrame({ ...SAMPLE_MESSAGE, content: { text } })),
    stampIn: (frame) => frame.indexOf(mark),
  };
}

/** Protobuf: the first tag names the kind; inside, fields are skipped by their wire type until the one with the stamp. Tags are learnt from samples, not written down here. */
function lookInBinary(): FrameShape['look'] {
  const learn = (sample: ServerFrame): readonly [kindTag: number, stampTag: number] => {
    const bytes = Buffer.from(binaryCodec.encodeServerFrame(sample));
    return [bytes[0] ?? 0, bytes[bytes.indexOf(Buffer.from(MARK)) - 2] ?? 0];
  };
  const [ackTag, ackStampTag] = learn(SAMPLE_ACK);
  const [messageTag, messageStampTag] = learn(SAMPLE_MESSAGE);
  return (bytes, start, end, stamp) => {
    const kindTag = bytes[start] ?? 0;
    if (kindTag !== ackTag && kindTag !== messageTag) return 'other';
    const stampTag = kindTag === ackTag ? ackStampTag : messageStampTag;
    let at = start + 1;
    while ((bytes[at] ?? 0) > 127) at += 1; // The length of the frame inside the envelope: it reaches to the end.
    at += 1;
    while (at < end) {
      const tag = bytes[at] ?? 0;
      at += 1;
      if (tag === stampTag) {
        readStamp(bytes, at + 1, stamp);
        return kindTag === ackTag ? 'msg_ack' : 'new_message';
      }
      const wireType = tag & 7;
      if (wireType === 0) {
        while ((bytes[at] ?? 0) > 127) at += 1;
        at += 1;
      } else if (wireType === 1) at += 8;
      else if (wireType === 2 && (bytes[at] ?? 0) < 128) at += 1 + (bytes[at] ?? 0);
      else return 'other';
    }
    return 'other';
  };
}

const JSON_ACK = Buffer.from('"type":"msg_ack"');
const JSON_MESSAGE = Buffer.from('"type":"new_message"');
const JSON_KEY = Buffer.from('"client_msg_id":"');

/** Keys may stand in any order. Inside a text the quotes of these words would be escaped, so a person cannot write them. */
function lookInJson(bytes: Buffer, start: number, end: number, stamp: Stamp): SeenFrame {
  const holds = (word: Buffer): boolean => {
    const at = bytes.indexOf(word, start);
    return at >= 0 && at < end;
  };
  const at = bytes.indexOf(JSON_KEY, start);
  if (at < 0 || at >= end) return 'other';
  const kind = holds(JSON_MESSAGE) ? 'new_message' : holds(JSON_ACK) ? 'msg_ack' : 'other';
  if (kind === 'other') return 'other';
  readUuid(bytes, at + JSON_KEY.length, stampBytes);
  readStamp(stampBytes, 0, stamp);
  return kind;
}
