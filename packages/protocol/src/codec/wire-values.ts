import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { type ConversationId, digitsOfHalves, halvesOf } from '../ids.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Compact binary forms of the texts that frames are full of. Readers throw RangeError on bytes that are no such value. */

/** 32 bits, big-endian and unsigned; what lies beyond the end counts as zero. */
const uint32At = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

const writeDigits = (writer: ByteWriter, text: string, from: number): void => {
  const { high, low } = halvesOf(text, from);
  writer.uint64(high, low, false);
};
const readDigits = (bytes: Uint8Array, at: number): string =>
  digitsOfHalves(uint32At(bytes, at), uint32At(bytes, at + 4));

/** Little-endian, as protobuf's fixed64. */
export function writeId(writer: ByteWriter, id: string): void {
  const { high, low } = halvesOf(id, 4);
  writer.uint64(high, low, true);
}

const CHANNEL_MARK = 1;

/** 8 bytes: group. 9 bytes: a mark and a channel. 16 bytes: the two users of a direct conversation. */
export function writeConversation(writer: ByteWriter, id: ConversationId): void {
  if (id.startsWith('chn_')) writer.byte(CHANNEL_MARK);
  writeDigits(writer, id, 4);
  if (id.startsWith('dir_')) writeDigits(writer, id, 18);
}

/** Of the `length` bytes from `at` on. */
export function conversationFromBytes(bytes: Uint8Array, at = 0, length = bytes.byteLength): string {
  switch (length) {
    case 8:
      return `grp_${readDigits(bytes, at)}`;
    case 9:
      if (bytes[at] !== CHANNEL_MARK)
        throw new RangeError('Nine bytes of a conversation id must begin with the channel mark.');
      return `chn_${readDigits(bytes, at + 1)}`;
    case 16:
      return `dir_${readDigits(bytes, at)}_${readDigits(bytes, at + 8)}`;
    default:
      throw new RangeError('A conversation id has 8, 9 or 16 bytes.');
  }
}

const DASH = 0x2d;

/** The value of the hexadecimal digits from `from` to `to`, of which there are at most seven. In the char codes of letters, and not of numerals, 0x40 is set. */
function hexValue(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const unit = text.charCodeAt(index);
    value = (value << 4) | ((unit & 15) + 9 * (unit >> 6));
  }
  return value;
}

const joined = (upper: number, lower: number): number => upper * 0x1_0000 + lower;

export function writeUuid(writer: ByteWriter, uuid: string): void {
  writer.uint64(
    joined(hexValue(uuid, 0, 4), hexValue(uuid, 4, 8)),
    joined(hexValue(uuid, 9, 13), hexValue(uuid, 14, 18)),
    false,
  );
  writer.uint64(
    joined(hexValue(uuid, 19, 23), hexValue(uuid, 24, 28)),
    joined(hexValue(uuid, 28, 32), hexValue(uuid, 32, 36)),
    false,
  );
}

const HEX = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Room for the text of one UUID. */
const units = Array.from({ length: 36 }, () => DASH);

/**
 * Of the 16 bytes from `from` on. In one call: 20 strings put together piece by piece take three times as long and leave half a kilobyte of garbage, for every message.
 */
export function uuidFromBytes(bytes: Uint8Array, from = 0, length = bytes.byteLength): string {
  if (length !== 16) throw new RangeError('A UUID has 16 bytes.');
  let at = 0;
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[from + index] ?? 0;
    if (at === 8 || at === 13 || at === 18 || at === 23) at += 1;
    units[at] = HEX[byte >> 4] ?? 0;
    units[at + 1] = HEX[byte & 15] ?? 0;
    at += 2;
  }
  return String.fromCharCode(...units);
}

export const writeBase64 = (writer: ByteWriter, text: string): void => writer.bytes(base64Decode(text));
export const base64FromBytes = (bytes: Uint8Array): string => base64Encode(bytes, 'url');
