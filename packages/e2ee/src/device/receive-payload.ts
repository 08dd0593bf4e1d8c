import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { EMPTY } from '../bytes/bytes.ts';
import { addressKey, type DeviceAddress, readAddress, writeAddress } from '../identity/device-address.ts';
import type { PublicIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { UsedPreKeys } from '../profile/profile.ts';
import { type OpenRefusal, openPayload } from '../session/open-payload.ts';
import { recordNames } from '../store/record-names.ts';
import { acceptSenderKey } from './accept-sender-key.ts';
import { type ReceivedContent, readContent, withoutKeys, writeContent } from './content.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { findPreKeySecrets } from './pre-key-records.ts';
import { requireConversation, requireItemId } from './require-short.ts';
import { readParsed, readSession, writeSession } from './session-records.ts';

export interface ReceiveRequest {
  /** What the transport calls this item; the same item may come again after a crash. At most 180 bytes. */
  readonly itemId: string;
  /** The device that the server names as sender; a lie does not decrypt. */
  readonly from: DeviceAddress;
  readonly conversation: string;
  readonly payload: Uint8Array;
  /** The sender's keys according to its account's signed device list. `undefined`: those of the session there is, or of the first handshake. */
  readonly expectedIdentity: PublicIdentity | undefined;
  /** Unix ms. */
  readonly nowMs: number;
}

export type ReceiveOutcome =
  /** Durable: acknowledge to the server, take the content over, then `settleIncoming`. */
  | { readonly kind: 'received'; readonly content: ReceivedContent }
  /** Read before: acknowledge and forget. */
  | { readonly kind: 'duplicate' }
  /** No state has changed. `canHeal`: send a resend request (R7); otherwise acknowledge, and show an alarm for keys that are wrong. */
  | {
      readonly kind: 'undecryptable';
      readonly reason: OpenRefusal | 'content_unknown' | 'item_id_reused';
      readonly canHeal: boolean;
    };

/** Decrypts a payload and writes the session, the content and the loss of one-time keys in one step (R5). */
export async function receivePayload(
  context: DeviceContext,
  step: DurableStep,
  request: ReceiveRequest,
): Promise<ReceiveOutcome> {
  requireItemId(request.itemId);
  requireConversation(request.conversation);
  const name = recordNames.incoming(request.itemId);
  const stored = await readParsed(step, name, readIncoming);
  if (stored !== undefined) {
    return isSameOrigin(stored, request.from, request.conversation)
      ? { kind: 'received', content: stored.content }
      : { kind: 'undecryptable', reason: 'item_id_reused', canHeal: false };
  }

  const outcome = await openPayload(
    { ...context, peer: request.from },
    {
      ...request,
      record: await readSession(step, request.from),
      findPreKeys: (used) => findPreKeySecrets(context, step, used, request.nowMs),
    },
  );
  if (outcome.kind === 'refused') return refusalOutcome(outcome.reason);
  const whole = readContent(outcome.plaintext);
  if (whole === undefined) return { kind: 'undecryptable', reason: 'content_unknown', canHeal: false };

  writeSession(step, request.from, outcome.record);
  if (outcome.spent !== undefined) removeSpent(step, outcome.spent);
  if (whole.kind === 'sender_key') await acceptSenderKey(step, request.from, request.conversation, whole.body);
  const content = withoutKeys(whole);
  step.write(name, writeIncoming({ from: request.from, conversation: request.conversation, content }));
  return { kind: 'received', content };
}

function refusalOutcome(reason: OpenRefusal): ReceiveOutcome {
  switch (reason) {
    case 'already_opened':
      return { kind: 'duplicate' };
    case 'identity_unexpected':
    case 'identity_not_bound':
      return { kind: 'undecryptable', reason, canHeal: false };
    // Perhaps a repetition, perhaps a late message of a session that is gone: asking once too often is better than a loss.
    case 'handshake_replayed':
    case 'malformed':
    case 'session_unknown':
    case 'key_expired':
    case 'too_far_ahead':
    case 'not_authentic':
    case 'pre_key_gone':
    case 'key_unusable':
    // The receipt opens a session in the other direction, on which the message comes again.
    case 'too_many_handshakes':
      return { kind: 'undecryptable', reason, canHeal: true };
  }
}

/** The one-time pair was read by this step when the handshake looked it up. */
function removeSpent(step: DurableStep, used: UsedPreKeys): void {
  if (used.oneTimePreKeyId !== undefined) step.remove(recordNames.oneTimePreKey(used.oneTimePreKeyId));
}

/** A server that gives one item id to two items must not make us show one person's words as another's. */
export const isSameOrigin = (stored: IncomingRecord, from: DeviceAddress, conversation: string): boolean =>
  addressKey(stored.from) === addressKey(from) && stored.conversation === conversation;

export interface IncomingRecord {
  readonly from: DeviceAddress;
  readonly conversation: string;
  readonly content: ReceivedContent;
}

export function writeIncoming(record: IncomingRecord): Uint8Array {
  const writer = new ByteWriter(512);
  writeAddress(writer, record.from);
  const { content } = record;
  const bytes = writeContent(content.kind === 'sender_key' ? { ...content, body: EMPTY } : content);
  return writer.text(record.conversation).raw(bytes).finish();
}

export function readIncoming(bytes: Uint8Array): IncomingRecord | undefined {
  return parseBytes(bytes, (reader) => {
    const from = readAddress(reader);
    const conversation = reader.text(E2EE_LIMITS.idBytesMax);
    const content = readContent(reader.rest());
    return content && { from, conversation, content: withoutKeys(content) };
  });
}
