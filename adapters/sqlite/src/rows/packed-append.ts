import type { Append } from '@parley/core';
import { type RoleSet, roleSetOf } from './columns.ts';
import { storedDigits } from './fingerprint.ts';

type Body = Append['body'];
type NewMessage = Extract<Body, { type: 'new_message' }>;

/**
 * An append on its way to the writer thread: a flat list costs a quarter of what the nested object does (measured, both sides of the door together). The last
 * two: text and message id of a message that has only a text, or else the whole body.
 */
export type PackedAppend = readonly [
  conversationId: Append['conversationId'],
  userId: Append['author']['userId'],
  deviceId: Append['author']['deviceId'],
  roles: RoleSet,
  createdAt: number,
  clientMsgId: string,
  fingerprint: string | null,
  textOrBody: string | Body,
  messageId: NewMessage['message_id'] | null,
];

/** An append as the writer thread sees it. */
export interface ArrivedAppend extends Pick<Append, 'conversationId' | 'createdAt' | 'body'> {
  readonly userId: Append['author']['userId'];
  readonly deviceId: Append['author']['deviceId'];
  readonly roles: RoleSet;
  readonly clientMsgId: string;
  readonly fingerprint: string | null;
}

/** In a list without holes, which `map` does not promise: V8 copies one with holes through the door like an object, name by name. */
export function packAppends(appends: readonly Append[]): PackedAppend[] {
  const packed: PackedAppend[] = [];
  for (const append of appends) packed.push(packAppend(append));
  return packed;
}

function packAppend({ conversationId, author, createdAt, body, clientMsgId, fingerprint }: Append): PackedAppend {
  const { userId, deviceId, roles } = author;
  const text = plainTextOf(body, clientMsgId);
  const messageId = text !== undefined && body.type === 'new_message' ? body.message_id : null;
  const shortened = fingerprint === null ? null : storedDigits(fingerprint);
  return [
    conversationId,
    userId,
    deviceId,
    roleSetOf(roles),
    createdAt,
    clientMsgId,
    shortened,
    text ?? body,
    messageId,
  ];
}

export function unpackAppend(packed: PackedAppend): ArrivedAppend {
  const [conversationId, userId, deviceId, roles, createdAt, clientMsgId, fingerprint, textOrBody, messageId] = packed;
  const body = bodyOf(textOrBody, messageId, clientMsgId);
  return { conversationId, userId, deviceId, roles, createdAt, body, clientMsgId, fingerprint };
}

function bodyOf(textOrBody: string | Body, messageId: NewMessage['message_id'] | null, clientMsgId: string): Body {
  if (typeof textOrBody !== 'string') return textOrBody;
  if (messageId === null) throw new Error('A packed message has no id.');
  return { type: 'new_message', message_id: messageId, client_msg_id: clientMsgId, content: { text: textOrBody } };
}

/** Undefined: the body holds more than a text. */
function plainTextOf(body: Body, clientMsgId: string): string | undefined {
  if (body.type !== 'new_message' || body.client_msg_id !== clientMsgId) return undefined;
  for (const field in body.content) if (field !== 'text') return undefined;
  return body.content.text;
}
