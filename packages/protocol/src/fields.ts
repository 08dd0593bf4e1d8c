import { z } from 'zod';
import {
  type ConversationId,
  DEVICE_ID_PATTERN,
  type DeviceId,
  MESSAGE_ID_PATTERN,
  type MessageId,
  parseConversationId,
  USER_ID_PATTERN,
  type UserId,
  UUID_PATTERN,
} from './ids.ts';
import { LIMITS } from './limits.ts';

/**
 * Building blocks of every schema. `wire` is how the binary codec writes a value (codec/binary-codec.ts);
 * `field` (added by `at`) is its number inside a frame or object. JSON needs neither.
 */
export type Wire = 'id' | 'conversation' | 'uuid' | 'varint' | 'base64';

const wired = <S extends z.ZodType>(schema: S, wire: Wire, prefix?: string): S =>
  schema.meta({ 'x-wire': wire, ...(prefix === undefined ? {} : { 'x-prefix': prefix }) });

/** Gives a field its number in the binary form. Numbers are never reused, also not after a field is gone. */
export const at = <S extends z.ZodType>(field: number, schema: S): S =>
  schema.meta({ ...schema.meta(), 'x-field': field });

// The casts below hold: each pattern is the grammar that ids.ts defines for the branded type.
export const userId = wired(
  z.string().regex(USER_ID_PATTERN, 'must be a user id such as usr_0c4tq5m8v2x7k') as unknown as z.ZodType<
    UserId,
    string
  >,
  'id',
  'usr_',
);
export const deviceId = wired(
  z.string().regex(DEVICE_ID_PATTERN, 'must be a device id such as dev_0c4tq5m8v2x7k') as unknown as z.ZodType<
    DeviceId,
    string
  >,
  'id',
  'dev_',
);
export const messageId = wired(
  z.string().regex(MESSAGE_ID_PATTERN, 'must be a message id such as msg_0c4tq5m8v2x7k') as unknown as z.ZodType<
    MessageId,
    string
  >,
  'id',
  'msg_',
);
/** 128 bits as 32 lower-case hexadecimal digits. */
export const hexId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits');
export const conversationId = wired(
  z.string().refine((text) => parseConversationId(text) !== undefined, {
    message: 'must be a conversation id (dir_…_…, grp_… or chn_…)',
  }) as unknown as z.ZodType<ConversationId, string>,
  'conversation',
);

/** Idempotency key made by the sender, RFC 9562, lower case. */
export const clientMsgId = wired(z.string().regex(UUID_PATTERN, 'must be a UUID in lower case'), 'uuid');

/** Place in a conversation's log or a user's log: 1 is the first entry, 0 means "before the first". */
export const seq = wired(z.int().min(0), 'varint');
export const count = wired(z.int().min(0), 'varint');
/** Unix time in milliseconds. A label, never an order (S6). */
export const timestamp = wired(z.int().min(0), 'varint');
export const durationMs = wired(z.int().min(0), 'varint');

export const epoch = z.string().min(1).max(32);
export const opaqueCursor = z.string().min(1).max(LIMITS.cursorLengthMax);
export const base64 = (lengthMax: number) =>
  wired(
    z
      .string()
      .max(lengthMax)
      // No bytes have a text of which one digit is left over: a message that holds it could be stored and not be written in the binary form.
      .regex(/^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/, 'must be base64url without padding'),
    'base64',
  );

/** Tabs and line breaks are the only control characters (U+0000 to U+001F, U+007F to U+009F) that people mean. Half the time of a loop over the characters (measured). */
const WITHOUT_CONTROL_CHARACTERS = /^[\t\n\r -~\u00a0-\uffff]*$/;

const isBlank = (text: string): boolean => text.trim().length === 0;

/** Text for people: no control characters except line breaks and tabs, no lone surrogates, not only white space. */
export const humanText = (lengthMin: number, lengthMax: number) =>
  z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine((text) => text.isWellFormed(), { message: 'must be well-formed Unicode' })
    .refine((text) => WITHOUT_CONTROL_CHARACTERS.test(text), { message: 'must not hold control characters' })
    .refine((text) => lengthMin === 0 || !isBlank(text), { message: 'must not be blank' });

/** Whether `humanText` takes the text, without the words for what is wrong with it. */
export const isHumanText = (text: string, lengthMin: number, lengthMax: number): boolean =>
  text.length >= lengthMin &&
  text.length <= lengthMax &&
  text.isWellFormed() &&
  WITHOUT_CONTROL_CHARACTERS.test(text) &&
  (lengthMin === 0 || !isBlank(text));

export const emoji = humanText(1, LIMITS.emojiLengthMax);
export const role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof role>;
export const conversationKind = z.enum(['direct', 'group', 'channel']);
export const visibility = z.enum(['private', 'public']);
export const notificationLevel = z.enum(['all', 'mentions', 'none']);
export const receiptKind = z.enum(['delivered', 'read']);
export type ReceiptKind = z.infer<typeof receiptKind>;
