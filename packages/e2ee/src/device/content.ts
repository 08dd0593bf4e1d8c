import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { E2EE_LIMITS } from '../limits.ts';

/**
 * What is inside a payload of a session, told apart by its first byte, under encryption: the server does not see the kind, and
 * nothing of one kind can pass for another.
 */
export type Content =
  | { readonly kind: 'message'; readonly body: Uint8Array }
  /** A sender key for a group, see `groups/`. */
  | { readonly kind: 'sender_key'; readonly body: Uint8Array }
  /** The decryption-error receipt (R7): "I could not read this message of yours, encrypt it again". */
  | { readonly kind: 'resend_request'; readonly messageId: string };

/** What a caller gets to see: a sender key has been taken in by then, and its bytes are nobody's business. */
export type ReceivedContent = Exclude<Content, { kind: 'sender_key' }> | { readonly kind: 'sender_key' };

export const withoutKeys = (content: Content): ReceivedContent =>
  content.kind === 'sender_key' ? { kind: 'sender_key' } : content;

const CODES = { message: 1, sender_key: 2, resend_request: 3 } as const;

export function writeContent(content: Content): Uint8Array {
  const writer = new ByteWriter().byte(CODES[content.kind]);
  switch (content.kind) {
    case 'message':
    case 'sender_key':
      return writer.raw(content.body).finish();
    case 'resend_request':
      return writer.text(content.messageId).finish();
  }
}

export function readContent(bytes: Uint8Array): Content | undefined {
  return parseBytes(bytes, (reader): Content => {
    const code = reader.byte();
    reader.expect(code >= CODES.message && code <= CODES.resend_request);
    if (code === CODES.message) return { kind: 'message', body: reader.rest() };
    if (code === CODES.sender_key) return { kind: 'sender_key', body: reader.rest() };
    return { kind: 'resend_request', messageId: reader.text(E2EE_LIMITS.messageIdBytesMax) };
  });
}
