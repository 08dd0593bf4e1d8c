import type { CommandOf } from '../commands.ts';
import type { NewMessage } from '../entries.ts';
import { isHumanText } from '../fields.ts';
import type { ConversationId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { NoticeOf } from '../server-frames.ts';
import { type ByteWriter, lengthBytesOf } from './byte-writer.ts';
import { conversationFromBytes, uuidFromBytes, writeConversation, writeId, writeUuid } from './wire-values.ts';

/*
 * What a busy server is full of, written out by hand: the message that has only a text, as a command and as an entry, and its acknowledgement. The general codec walks
 * a layout and then a schema, which costs a server three microseconds a message more (of twenty that its main thread has for one). Tests hold both to the same bytes
 * and values; whatever is not exactly of this shape is left to the general codec, which also finds the words for what is wrong.
 */

const utf8 = new TextDecoder();
const ID_MAX = 4_294_967_295;

/** The byte before a field, as protobuf's wire format has it: number * 8 + how the value is written. */
const ENVELOPE_SEND_MESSAGE = 0x1a;
const COMMAND = { id: 0x08, clientMsgId: 0x12, conversationId: 0x1a, content: 0x22 } as const;
const CONTENT_TEXT = 0x0a;

/** Reads along the one shape. A number that is not there reads as -1, which fits nothing. */
class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Whether this byte comes next; passes it. */
  skips(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 35; factor *= 0x80) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return -1;
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  /** Passes so many bytes; where they begin. */
  pass(length: number): number {
    const from = this.at;
    this.at += length;
    return from;
  }

  /** Whether a length comes next after which the bytes end. */
  holdsTheRest(): boolean {
    const length = this.varint();
    return this.at + length === this.bytes.length;
  }
}

/** The command in these bytes, checked as its schema does it; undefined: the general codec has to look. Never throws. */
export function readTextMessage(bytes: Uint8Array): CommandOf<'send_message'> | undefined {
  const cursor = new Cursor(bytes);
  if (!(cursor.skips(ENVELOPE_SEND_MESSAGE) && cursor.holdsTheRest() && cursor.skips(COMMAND.id))) return undefined;
  const id = cursor.varint();
  if (id < 0 || id > ID_MAX || !cursor.skips(COMMAND.clientMsgId) || cursor.varint() !== 16) return undefined;
  const uuidAt = cursor.pass(16);
  if (!cursor.skips(COMMAND.conversationId)) return undefined;
  const conversationBytes = cursor.varint();
  const conversationAt = cursor.pass(conversationBytes);
  if (!(cursor.skips(COMMAND.content) && cursor.holdsTheRest())) return undefined;
  if (!(cursor.skips(CONTENT_TEXT) && cursor.holdsTheRest())) return undefined;
  const text = utf8.decode(bytes.subarray(cursor.at));
  const conversationId = conversationOf(bytes, conversationAt, conversationBytes);
  if (conversationId === undefined || !isHumanText(text, 1, LIMITS.textLengthMax)) return undefined;
  const clientMsgId = uuidFromBytes(bytes, uuidAt, 16);
  return {
    type: 'send_message',
    id,
    client_msg_id: clientMsgId,
    conversation_id: conversationId,
    content: { text },
  };
}

function conversationOf(bytes: Uint8Array, at: number, length: number): ConversationId | undefined {
  if (length === 16 && !namesTwoUsersInOrder(bytes, at)) return undefined;
  try {
    // The cast holds: the digits come from numbers, and the one thing that numbers may have wrong was just checked.
    return conversationFromBytes(bytes, at, length) as ConversationId;
  } catch {
    return undefined;
  }
}

function namesTwoUsersInOrder(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + 8; index += 1) {
    const difference = (bytes[index + 8] ?? 0) - (bytes[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const ENVELOPE_NEW_MESSAGE = 0x0a;
const ENTRY = { conversationId: 0x0a, seq: 0x10, count: 0x18, createdAt: 0x20, senderId: 0x29 } as const;
const MESSAGE = { messageId: 0x51, clientMsgId: 0x5a, content: 0x62 } as const;

const writeNumber = (writer: ByteWriter, tag: number, value: number): void => {
  if (value === 0) return;
  writer.byte(tag);
  writer.varint(value);
};

function writeConversationField(writer: ByteWriter, tag: number, conversationId: ConversationId): void {
  writer.byte(tag);
  const start = writer.begin();
  writeConversation(writer, conversationId);
  writer.end(start);
}

function writeUuidField(writer: ByteWriter, tag: number, uuid: string): void {
  writer.byte(tag);
  writer.byte(16);
  writeUuid(writer, uuid);
}

/** False: it holds more than a text, and nothing was written. */
export function writeTextMessage(writer: ByteWriter, entry: NewMessage): boolean {
  const { text, sealed, reply_to, mentions, forwarded_from } = entry.content;
  if (text === undefined || text === '') return false;
  if (sealed !== undefined || reply_to !== undefined || mentions !== undefined || forwarded_from !== undefined)
    return false;
  // As the text is most of a message, its length tells how many bytes the lengths of what is around it will have: nothing is moved for them.
  const lengthBytes = lengthBytesOf(text.length);
  writer.byte(ENVELOPE_NEW_MESSAGE);
  const start = writer.begin(lengthBytes);
  writeConversationField(writer, ENTRY.conversationId, entry.conversation_id);
  writeNumber(writer, ENTRY.seq, entry.seq);
  writeNumber(writer, ENTRY.count, entry.count);
  writeNumber(writer, ENTRY.createdAt, entry.created_at);
  writer.byte(ENTRY.senderId);
  writeId(writer, entry.sender_id);
  writer.byte(MESSAGE.messageId);
  writeId(writer, entry.message_id);
  writeUuidField(writer, MESSAGE.clientMsgId, entry.client_msg_id);
  writer.byte(MESSAGE.content);
  const content = writer.begin(lengthBytes);
  writer.byte(CONTENT_TEXT);
  writer.text(text);
  writer.end(content, lengthBytes);
  writer.end(start, lengthBytes);
  return true;
}

const ENVELOPE_MSG_ACK = 0x12;
const ACK = {
  re: 0x08,
  conversationId: 0x12,
  clientMsgId: 0x1a,
  messageId: 0x21,
  seq: 0x28,
  count: 0x30,
  createdAt: 0x38,
  duplicate: 0x40,
} as const;

/** False: it does not tell a place, and nothing was written. */
export function writeAcknowledgement(writer: ByteWriter, ack: NoticeOf<'msg_ack'>): boolean {
  const { message_id: messageId, seq, count } = ack;
  if (messageId === undefined || !seq || !count) return false;
  writer.byte(ENVELOPE_MSG_ACK);
  const start = writer.begin();
  writeNumber(writer, ACK.re, ack.re);
  writeConversationField(writer, ACK.conversationId, ack.conversation_id);
  writeUuidField(writer, ACK.clientMsgId, ack.client_msg_id);
  writer.byte(ACK.messageId);
  writeId(writer, messageId);
  writeNumber(writer, ACK.seq, seq);
  writeNumber(writer, ACK.count, count);
  writeNumber(writer, ACK.createdAt, ack.created_at);
  writeNumber(writer, ACK.duplicate, ack.duplicate ? 1 : 0);
  writer.end(start);
  return true;
}
