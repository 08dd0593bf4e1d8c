import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';
import type { MailboxRecord } from '../ports/mailbox.ts';
import type { AnswerOf } from '../route-call.ts';

type Item = AnswerOf<'readMailbox'>['items'][number];

/** BOX-1: items of the asking device after a place, oldest first. */
export async function readMailbox(
  core: Pick<Core, 'mailbox'>,
  actor: Actor,
  { afterSeq, limit }: { readonly afterSeq: number; readonly limit: number },
): Promise<Outcome<AnswerOf<'readMailbox'>>> {
  const { records, headSeq } = await core.mailbox.readAfter(actor.deviceId, afterSeq, limit);
  return done({ items: records.map(mailboxItemOf), head_seq: headSeq });
}

/** A stored item as it goes over the wire. */
export const mailboxItemOf = ({ seq, senderId, senderDeviceId, createdAt, payload }: MailboxRecord): Item => ({
  seq,
  sender_id: senderId,
  sender_device_id: senderDeviceId,
  created_at: createdAt,
  payload,
});
