/**
 * Identifiers. Text form: a prefix that names the kind and 13 Crockford base-32 digits (lower case, no i l o u) of a
 * 63-bit Snowflake number, so that text order is creation order. Binary form: the number itself (8 bytes).
 *
 *   usr_… user    dev_… device    msg_… message    grp_… group    chn_… channel
 *   dir_<user>_<user>   direct conversation: the digits of its two users, the smaller first, so that both ends derive the same id
 *
 * Ids are made only here, from numbers or by parsers: two kinds can never be swapped.
 */
export type UserId = string & { readonly kind: 'UserId' };
export type DeviceId = string & { readonly kind: 'DeviceId' };
export type MessageId = string & { readonly kind: 'MessageId' };
export type DirectId = string & { readonly kind: 'ConversationId'; readonly conversation: 'direct' };
export type GroupId = string & { readonly kind: 'ConversationId'; readonly conversation: 'group' };
export type ChannelId = string & { readonly kind: 'ConversationId'; readonly conversation: 'channel' };
export type ConversationId = DirectId | GroupId | ChannelId;
export type ConversationKind = 'direct' | 'group' | 'channel';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const NUMBER_MAX = (1n << 63n) - 1n;
/** 13 digits of 5 bits; the first is at most 7 because the number has 63 bits. */
const DIGITS_PATTERN = '[0-7][0-9a-hjkmnp-tv-z]{12}';

const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const codeOf = (value: number): number => CODES[value & 31] ?? 0;

/** Value of a digit by its char code. */
const VALUE_OF = new Uint8Array(128);
[...DIGITS].forEach((digit, value) => {
  VALUE_OF[digit.charCodeAt(0)] = value;
});

/** Of at most six digits, which are 30 bits. */
const valueOfDigits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let index = from; index < to; index += 1) value = (value << 5) | (VALUE_OF[text.charCodeAt(index)] ?? 0);
  return value;
};

/** 13 base-32 digits of a 63-bit number. Throws on a number outside 0 … 2^63 - 1: that is a broken promise of our own. */
export function digitsOf(number: bigint): string {
  if (number < 0n || number > NUMBER_MAX) throw new RangeError(`An id number must lie in 0 … 2^63-1, not ${number}.`);
  return digitsOfHalves(Number(number >> 32n), Number(number & 0xffff_ffffn));
}

/** The number behind 13 base-32 digits that a parser or maker of this file has accepted. */
export function numberOf(digits: string): bigint {
  const { high, low } = halvesOf(digits, 0);
  return (BigInt(high) << 32n) | BigInt(low);
}

// 13 digits are 3 + 30 + 30 bits: ids are read and written in halves of 32 bits because BigInt made the binary codec four times slower.

/** The upper 32 bits (at most 2^31 - 1) and the lower 32 of the 13 digits of `text` that begin at `from`. */
export function halvesOf(text: string, from: number): { readonly high: number; readonly low: number } {
  const first = valueOfDigits(text, from, from + 1);
  const upper = valueOfDigits(text, from + 1, from + 7);
  const lower = valueOfDigits(text, from + 7, from + 13);
  return { high: first * 0x1000_0000 + (upper >>> 2), low: (upper & 3) * 0x4000_0000 + lower };
}

/** Throws RangeError when the upper half has its highest bit set: such a number is no id. */
export function digitsOfHalves(high: number, low: number): string {
  if (high > 0x7fff_ffff) throw new RangeError('An id number has 63 bits.');
  const upper = (high & 0x0fff_ffff) * 4 + (low >>> 30);
  // In one call: digit by digit a text is made that V8 has to put together again before it can look it up (half the time of reading a conversation's id).
  return String.fromCharCode(
    codeOf(high >>> 28),
    codeOf(upper >>> 25),
    codeOf(upper >>> 20),
    codeOf(upper >>> 15),
    codeOf(upper >>> 10),
    codeOf(upper >>> 5),
    codeOf(upper),
    codeOf(low >>> 25),
    codeOf(low >>> 20),
    codeOf(low >>> 15),
    codeOf(low >>> 10),
    codeOf(low >>> 5),
    codeOf(low),
  );
}

function makerOf<Id extends string>(prefix: string): (number: bigint) => Id {
  // The cast holds: the text is prefix + digits, which is the grammar of the kind.
  return (number) => `${prefix}${digitsOf(number)}` as Id;
}

function parserOf<Id extends string>(pattern: RegExp): (text: string) => Id | undefined {
  // The cast holds: the pattern is the grammar of the kind.
  return (text) => (pattern.test(text) ? (text as Id) : undefined);
}

export const USER_ID_PATTERN = new RegExp(`^usr_${DIGITS_PATTERN}$`);
export const DEVICE_ID_PATTERN = new RegExp(`^dev_${DIGITS_PATTERN}$`);
export const MESSAGE_ID_PATTERN = new RegExp(`^msg_${DIGITS_PATTERN}$`);
export const CONVERSATION_ID_PATTERN = new RegExp(
  `^(?:dir_${DIGITS_PATTERN}_${DIGITS_PATTERN}|grp_${DIGITS_PATTERN}|chn_${DIGITS_PATTERN})$`,
);

export const makeUserId = makerOf<UserId>('usr_');
export const makeDeviceId = makerOf<DeviceId>('dev_');
export const makeMessageId = makerOf<MessageId>('msg_');
export const makeGroupId = makerOf<GroupId>('grp_');
export const makeChannelId = makerOf<ChannelId>('chn_');

export const parseUserId = parserOf<UserId>(USER_ID_PATTERN);
export const parseDeviceId = parserOf<DeviceId>(DEVICE_ID_PATTERN);
export const parseMessageId = parserOf<MessageId>(MESSAGE_ID_PATTERN);

/** Accepts the three kinds of conversation; a direct id must name two different users in order. */
export function parseConversationId(text: string): ConversationId | undefined {
  if (!CONVERSATION_ID_PATTERN.test(text)) return undefined;
  if (text.startsWith('dir_') && !(text.slice(4, 17) < text.slice(18))) return undefined;
  // The cast holds: pattern and order were just checked.
  return text as ConversationId;
}

/** The id of the conversation of two users, the same whoever asks. Throws when both are one user. */
export function directIdOf(one: UserId, other: UserId): DirectId {
  if (one === other) throw new RangeError('A direct conversation needs two different users.');
  const [first, second] = one < other ? [one, other] : [other, one];
  // The cast holds: prefix and two ordered runs of digits are the grammar of a direct id.
  return `dir_${first.slice(4)}_${second.slice(4)}` as DirectId;
}

/** The two users of a direct conversation, the smaller id first. */
export function usersOfDirect(id: DirectId): readonly [UserId, UserId] {
  // The casts hold: a direct id contains the digits of two user ids.
  return [`usr_${id.slice(4, 17)}` as UserId, `usr_${id.slice(18)}` as UserId];
}

export function conversationKindOf(id: ConversationId): ConversationKind {
  if (isDirectId(id)) return 'direct';
  return id.startsWith('grp_') ? 'group' : 'channel';
}

export function isDirectId(id: ConversationId): id is DirectId {
  return id.startsWith('dir_');
}

/** The number in a user, device, message, group or channel id. */
export function idNumber(id: UserId | DeviceId | MessageId | GroupId | ChannelId): bigint {
  return numberOf(id.slice(4));
}

/** RFC 9562 UUID in lower case, made by the sender of a command: pending row in the UI and idempotency key on the server. */
export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
