import { z } from 'zod';
import { at, base64, conversationId, humanText, seq, userId } from './fields.ts';
import { LIMITS } from './limits.ts';

/** Where a forwarded message came from. Set by the server, from a message that the sender could read. */
export const forwardOrigin = z.object({
  conversation_id: at(1, conversationId),
  seq: at(2, seq),
  sender_id: at(3, userId),
});

/**
 * What a message says. Exactly one of `text` (the server can read and search it) and `sealed` (end-to-end encrypted payload,
 * opaque to the server). `reply_to` is a smaller seq of the same conversation (causal order).
 */
const contentFields = {
  text: at(1, humanText(1, LIMITS.textLengthMax).optional()),
  sealed: at(2, base64(LIMITS.sealedLengthMax).optional()),
  reply_to: at(3, seq.optional()),
  mentions: at(4, z.array(userId).max(LIMITS.mentionsMax).optional()),
};

const oneKind = (content: { text?: unknown; sealed?: unknown }): boolean =>
  (content.text === undefined) !== (content.sealed === undefined);
const ONE_KIND = { message: 'must hold exactly one of text and sealed' };

/** Content as a sender gives it. */
export const contentInput = z.object(contentFields).refine(oneKind, ONE_KIND);
export type ContentInput = z.infer<typeof contentInput>;

/** Content as the log stores it and everybody reads it. */
export const content = z
  .object({ ...contentFields, forwarded_from: at(5, forwardOrigin.optional()) })
  .refine(oneKind, ONE_KIND);
export type Content = z.infer<typeof content>;
