import { equalBytes } from '../bytes/bytes.ts';
import { type GroupMessage, openGroupMessage, parseGroupMessage, sealGroupMessage } from '../groups/group-message.ts';
import type { MembershipState } from '../groups/membership-log.ts';
import type { PeerSenderKey } from '../groups/sender-key.ts';
import {
  readOwnSenderKey,
  readPeerSenderKeys,
  writeOwnSenderKey,
  writePeerSenderKeys,
} from '../groups/sender-key-codec.ts';
import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import { type Content, type ReceivedContent, readContent, writeContent } from './content.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { readOutgoing, writeOutgoing } from './outgoing-record.ts';
import { isSameOrigin, readIncoming, writeIncoming } from './receive-payload.ts';
import { requireConversation, requireItemId, requireMessageId } from './require-short.ts';
import { MESSAGE_ID_REUSED } from './send-content.ts';
import { readParsed } from './session-records.ts';
import { isRolledBack, isUsable } from './share-sender-key.ts';

export interface GroupSendRequest {
  /** The `client_msg_id`: the same id always gives the same payload. */
  readonly messageId: string;
  readonly body: Uint8Array;
  readonly membership: MembershipState;
  /** Every device of every member by the accounts' device lists, this one left out. */
  readonly devices: readonly DeviceAddress[];
  /** Unix ms. */
  readonly nowMs: number;
}

export type GroupSendOutcome =
  /** One payload for the whole group. Durable. */
  | { readonly kind: 'sealed'; readonly payload: Uint8Array }
  /** Nothing was done: these devices could not read it. Share the sender key with them first (G4: no device is skipped). */
  | { readonly kind: 'share_needed'; readonly addresses: readonly DeviceAddress[] }
  | {
      readonly kind: 'refused';
      /** `epoch_rolled_back`: this device has sent under a newer epoch; read the membership log again and raise an alarm. */
      readonly reason: 'too_large' | 'not_a_member' | 'device_not_of_a_member' | 'epoch_rolled_back';
    };

export async function sendToGroup(
  context: DeviceContext,
  step: DurableStep,
  request: GroupSendRequest,
): Promise<GroupSendOutcome> {
  const { membership } = request;
  const { self, provider } = context;
  requireMessageId(request.messageId);
  requireConversation(membership.groupId);
  const outgoingName = recordNames.outgoing(request.messageId);
  const outgoing = await readParsed(step, outgoingName, readOutgoing);
  const isOfGroup = outgoing?.conversation === membership.groupId && outgoing.senderKeyId !== undefined;
  if (outgoing !== undefined && !isOfGroup) throw new Error(MESSAGE_ID_REUSED);
  const sent = outgoing?.deliveries[0];
  if (sent !== undefined) return { kind: 'sealed', payload: sent.payload };
  if (!membership.members.has(self.address.userId)) return { kind: 'refused', reason: 'not_a_member' };
  if (request.devices.some(({ userId }) => !membership.members.has(userId))) {
    return { kind: 'refused', reason: 'device_not_of_a_member' };
  }
  const content: Content = { kind: 'message', body: request.body };
  const plaintext = writeContent(content);
  if (plaintext.length > E2EE_LIMITS.plaintextBytesMax) return { kind: 'refused', reason: 'too_large' };

  const name = recordNames.ownSenderKey(membership.groupId);
  const stored = await readParsed(step, name, readOwnSenderKey);
  if (isRolledBack(stored, membership)) return { kind: 'refused', reason: 'epoch_rolled_back' };
  if (!isUsable(stored, request)) return { kind: 'share_needed', addresses: request.devices };
  const shared = new Set(stored.sharedWith.map(addressKey));
  const lacking = request.devices.filter((address) => !shared.has(addressKey(address)));
  if (lacking.length > 0) return { kind: 'share_needed', addresses: lacking };

  const { payload, key } = await sealGroupMessage(provider, stored.key, plaintext);
  step.write(name, writeOwnSenderKey({ ...stored, key }));
  const deliveries = [{ address: self.address, payload, resends: 0, answers: '' }];
  const { groupId } = membership;
  step.write(outgoingName, writeOutgoing({ conversation: groupId, content, senderKeyId: key.keyId, deliveries }));
  return { kind: 'sealed', payload };
}

export interface GroupReceiveRequest {
  readonly itemId: string;
  readonly groupId: string;
  readonly from: DeviceAddress;
  readonly payload: Uint8Array;
  /**
   * The verified membership in an epoch, as far as this device knows it. `undefined` also for an epoch that ended longer ago than
   * late messages are accepted: otherwise someone removed since could, with the server's help, still speak under it.
   */
  readonly membershipAt: (epoch: number) => MembershipState | undefined;
}

export type GroupReceiveOutcome =
  | { readonly kind: 'received'; readonly content: ReceivedContent }
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'undecryptable';
      /** `key_unknown` heals by a resend request for the sender key; `epoch_unknown` by reading the membership log first. */
      readonly reason:
        | 'malformed'
        | 'key_unknown'
        | 'epoch_unknown'
        | 'sender_not_a_member'
        | 'not_authentic'
        | 'item_id_reused'
        | 'too_far_ahead';
    };

/** Decrypts a group message and writes key and content in one step. A refusal has no effect. */
export async function receiveFromGroup(
  context: DeviceContext,
  step: DurableStep,
  request: GroupReceiveRequest,
): Promise<GroupReceiveOutcome> {
  requireItemId(request.itemId);
  requireConversation(request.groupId);
  const incomingName = recordNames.incoming(request.itemId);
  const stored = await readParsed(step, incomingName, readIncoming);
  if (stored !== undefined) {
    return isSameOrigin(stored, request.from, request.groupId)
      ? { kind: 'received', content: stored.content }
      : { kind: 'undecryptable', reason: 'item_id_reused' };
  }
  const message = parseGroupMessage(request.payload);
  if (message === undefined) return { kind: 'undecryptable', reason: 'malformed' };

  const name = recordNames.peerSenderKeys(request.groupId, request.from);
  const keys = (await readParsed(step, name, readPeerSenderKeys)) ?? [];
  const key = keys.find(({ keyId }) => equalBytes(keyId, message.keyId));
  if (key === undefined) return { kind: 'undecryptable', reason: 'key_unknown' };
  const refusal = refusalOfScope(key, request);
  if (refusal !== undefined) return { kind: 'undecryptable', reason: refusal };

  const opened = await openContent(context, key, message);
  if (opened.kind !== 'opened') return opened;
  step.write(name, writePeerSenderKeys(keys.map((each) => (each === key ? opened.key : each))));
  const { content } = opened;
  step.write(incomingName, writeIncoming({ from: request.from, conversation: request.groupId, content }));
  return { kind: 'received', content };
}

/** The sender bound its key to an epoch; our own verified log must know the same epoch, with the sender in it (G1, G3). */
function refusalOfScope(key: PeerSenderKey, { membershipAt, from }: GroupReceiveRequest) {
  const membership = membershipAt(key.epoch);
  if (membership === undefined || !equalBytes(membership.epochHash, key.membershipHash)) return 'epoch_unknown';
  return membership.members.has(from.userId) ? undefined : 'sender_not_a_member';
}

async function openContent({ provider }: DeviceContext, key: PeerSenderKey, message: GroupMessage) {
  const outcome = await openGroupMessage(provider, key, message);
  if (outcome.kind === 'refused') {
    if (outcome.reason === 'already_opened') return { kind: 'duplicate' } as const;
    return { kind: 'undecryptable', reason: outcome.reason } as const;
  }
  const content = readContent(outcome.plaintext);
  // Key material never travels in a group message, whoever signs it.
  if (content?.kind !== 'message') return { kind: 'undecryptable', reason: 'malformed' } as const;
  return { kind: 'opened', content, key: outcome.key } as const;
}
