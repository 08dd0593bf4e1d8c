import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { type ConversationId, digitsOfHalves, highHalf, lowHalf } from '../ids.ts';

/** Compact binary forms of the texts that frames are full of. Readers throw RangeError on bytes that are no such value. */

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const writeDigits = (view: DataView, offset: number, text: string, from: number): void => {
  view.setUint32(offset, highHalf(text, from));
  view.setUint32(offset + 4, lowHalf(text, from));
};
const readDigits = (view: DataView, offset: number): string =>
  digitsOfHalves(view.getUint32(offset), view.getUint32(offset + 4));

/** Little-endian, as protobuf's fixed64. */
export function idToFixed64(id: string): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = viewOf(bytes);
  view.setUint32(0, lowHalf(id, 4), true);
  view.setUint32(4, highHalf(id, 4), true);
  return bytes;
}

const CHANNEL_MARK = 1;

/** 8 bytes: group. 9 bytes: a mark and a channel. 16 bytes: the two users of a direct conversation. */
export function conversationToBytes(id: ConversationId): Uint8Array {
  const isDirect = id.startsWith('dir_');
  const isChannel = id.startsWith('chn_');
  const bytes = new Uint8Array(isDirect ? 16 : isChannel ? 9 : 8);
  const view = viewOf(bytes);
  if (isChannel) bytes[0] = CHANNEL_MARK;
  writeDigits(view, isChannel ? 1 : 0, id, 4);
  if (isDirect) writeDigits(view, 8, id, 18);
  return bytes;
}

export function conversationFromBytes(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  switch (bytes.byteLength) {
    case 8:
      return `grp_${readDigits(view, 0)}`;
    case 9:
      if (bytes[0] !== CHANNEL_MARK)
        throw new RangeError('Nine bytes of a conversation id must begin with the channel mark.');
      return `chn_${readDigits(view, 1)}`;
    case 16:
      return `dir_${readDigits(view, 0)}_${readDigits(view, 8)}`;
    default:
      throw new RangeError('A conversation id has 8, 9 or 16 bytes.');
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const UUID_DASHES = [8, 13, 18, 23];
const DASH = 0x2d;
/** Lower-case digit, by char code. */
const valueOfHex = (unit: number): number => (unit <= 0x39 ? unit - 0x30 : unit - 0x57);

export function uuidToBytes(uuid: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let position = 0;
  for (let index = 0; index < uuid.length; index += 2) {
    if (uuid.charCodeAt(index) === DASH) index += 1;
    bytes[position] = valueOfHex(uuid.charCodeAt(index)) * 16 + valueOfHex(uuid.charCodeAt(index + 1));
    position += 1;
  }
  return bytes;
}

export function uuidFromBytes(bytes: Uint8Array): string {
  if (bytes.byteLength !== 16) throw new RangeError('A UUID has 16 bytes.');
  let text = '';
  for (const byte of bytes) {
    text += HEX[byte];
    if (UUID_DASHES.includes(text.length)) text += '-';
  }
  return text;
}

export const base64ToBytes = (text: string): Uint8Array => base64Decode(text);
export const base64FromBytes = (bytes: Uint8Array): string => base64Encode(bytes, 'url');
