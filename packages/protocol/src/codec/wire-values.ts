import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { type ConversationId, digitsOfHalves, highHalf, lowHalf } from '../ids.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Compact binary forms of the texts that frames are full of. Readers throw RangeError on bytes that are no such value. */

/** 32 bits, big-endian and unsigned; what lies beyond the end counts as zero. */
const uint32At = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

const writeDigits = (writer: ByteWriter, text: string, from: number): void => {
  writer.uint32(highHalf(text, from), false);
  writer.uint32(lowHalf(text, from), false);
};
const readDigits = (bytes: Uint8Array, at: number): string =>
  digitsOfHalves(uint32At(bytes, at), uint32At(bytes, at + 4));

/** Little-endian, as protobuf's fixed64. */
export function writeId(writer: ByteWriter, id: string): void {
  writer.uint32(lowHalf(id, 4), true);
  writer.uint32(highHalf(id, 4), true);
}

const CHANNEL_MARK = 1;

/** 8 bytes: group. 9 bytes: a mark and a channel. 16 bytes: the two users of a direct conversation. */
export function writeConversation(writer: ByteWriter, id: ConversationId): void {
  if (id.startsWith('chn_')) writer.byte(CHANNEL_MARK);
  writeDigits(writer, id, 4);
  if (id.startsWith('dir_')) writeDigits(writer, id, 18);
}

export function conversationFromBytes(bytes: Uint8Array): string {
  switch (bytes.byteLength) {
    case 8:
      return `grp_${readDigits(bytes, 0)}`;
    case 9:
      if (bytes[0] !== CHANNEL_MARK)
        throw new RangeError('Nine bytes of a conversation id must begin with the channel mark.');
      return `chn_${readDigits(bytes, 1)}`;
    case 16:
      return `dir_${readDigits(bytes, 0)}_${readDigits(bytes, 8)}`;
    default:
      throw new RangeError('A conversation id has 8, 9 or 16 bytes.');
  }
}

const DASH = 0x2d;
/** Lower-case digit, by char code. */
const valueOfHex = (unit: number): number => (unit <= 0x39 ? unit - 0x30 : unit - 0x57);

export function writeUuid(writer: ByteWriter, uuid: string): void {
  for (let index = 0; index < uuid.length; index += 2) {
    if (uuid.charCodeAt(index) === DASH) index += 1;
    writer.byte(valueOfHex(uuid.charCodeAt(index)) * 16 + valueOfHex(uuid.charCodeAt(index + 1)));
  }
}

const HEX = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Room for the text of one UUID. */
const units = Array.from({ length: 36 }, () => DASH);

/** In one call: 20 strings put together piece by piece take three times as long and leave half a kilobyte of garbage, for every message. */
export function uuidFromBytes(bytes: Uint8Array): string {
  if (bytes.byteLength !== 16) throw new RangeError('A UUID has 16 bytes.');
  let at = 0;
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[index] ?? 0;
    if (at === 8 || at === 13 || at === 18 || at === 23) at += 1;
    units[at] = HEX[byte >> 4] ?? 0;
    units[at + 1] = HEX[byte & 15] ?? 0;
    at += 2;
  }
  return String.fromCharCode(...units);
}

export const writeBase64 = (writer: ByteWriter, text: string): void => writer.bytes(base64Decode(text));
export const base64FromBytes = (bytes: Uint8Array): string => base64Encode(bytes, 'url');
