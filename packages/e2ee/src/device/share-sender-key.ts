import { hexOf } from '../bytes/bytes.ts';
import type { MembershipState } from '../groups/membership-log.ts';
import { generateSenderKey, isSenderKeyWorn } from '../groups/sender-key.ts';
import { type OwnSenderKeyRecord, readOwnSenderKey, writeOwnSenderKey } from '../groups/sender-key-codec.ts';
import { writeDistribution } from '../groups/sender-key-distribution.ts';
import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { Content } from './content.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { type SendOutcome, type SendRequest, sendContent } from './send-content.ts';
import { readParsed } from './session-records.ts';

export interface ShareRequest extends Pick<SendRequest, 'recipients' | 'nowMs'> {
  readonly membership: MembershipState;
  /** As in `GroupSendRequest`: every device that may read. */
  readonly devices: readonly DeviceAddress[];
}

export type ShareOutcome =
  /** `messageId`: for the transport, and for `settleOutgoing` once every device has its payload. */
  | (Extract<SendOutcome, { kind: 'sealed' }> & { readonly messageId: string })
  | Exclude<SendOutcome, { kind: 'sealed' }>
  /** Nothing was done. `address`: the device that is none of a member's, or not among `devices`. */
  | { readonly kind: 'refused'; readonly address: DeviceAddress; readonly reason: 'device_not_of_a_member' }
  | { readonly kind: 'refused'; readonly address: undefined; readonly reason: 'epoch_rolled_back' | 'not_a_member' };

/** Gives this device's sender key to devices that lack it, each through its own session; makes a new key when the old one is worn (G2). */
export async function shareSenderKey(
  context: DeviceContext,
  step: DurableStep,
  request: ShareRequest,
): Promise<ShareOutcome> {
  const { membership } = request;
  if (!membership.members.has(context.self.address.userId)) return refusedShare('not_a_member');
  const devices = new Set(request.devices.map(addressKey));
  const stranger = request.recipients.find(
    ({ address }) => !devices.has(addressKey(address)) || !membership.members.has(address.userId),
  );
  if (stranger !== undefined) return { kind: 'refused', address: stranger.address, reason: 'device_not_of_a_member' };
  const name = recordNames.ownSenderKey(membership.groupId);
  const stored = await readParsed(step, name, readOwnSenderKey);
  if (isRolledBack(stored, membership)) return refusedShare('epoch_rolled_back');
  const record = isUsable(stored, request) ? stored : await replacedSenderKey(context, step, stored, request);
  const { key, sharedWith } = record;
  const content: Content = { kind: 'sender_key', body: writeDistribution(key) };
  // A retry at the same position repeats its payloads; a device that comes later gets the later position only.
  const messageId = `sender_key/${key.groupId}/${hexOf(key.keyId)}/${key.nextCounter}`;
  if (sharedWith.length + request.recipients.length > E2EE_LIMITS.groupDevicesMax) {
    return { kind: 'refused', address: undefined, reason: 'too_many_recipients' };
  }
  const outcome = await sendContent(context, step, { ...request, messageId, conversation: key.groupId }, content);
  if (outcome.kind !== 'sealed') return outcome;
  const known = new Set(sharedWith.map(addressKey));
  const added = outcome.payloads.map(({ address }) => address).filter((address) => !known.has(addressKey(address)));
  step.write(name, writeOwnSenderKey({ ...record, sharedWith: [...sharedWith, ...added] }));
  return { ...outcome, messageId };
}

const refusedShare = <Reason extends string>(reason: Reason) =>
  ({ kind: 'refused', address: undefined, reason }) as const;

/** The log of a group only grows: an epoch below one that was used is a log that lost its end, and with it perhaps a removal. */
export const isRolledBack = (stored: OwnSenderKeyRecord | undefined, { epoch }: MembershipState): boolean =>
  stored !== undefined && epoch < stored.key.epoch;

/** Not worn, and no device has it that may not read any more: one that left its account ends a key as a member that leaves does (G2). */
export function isUsable(
  stored: OwnSenderKeyRecord | undefined,
  { membership, devices, nowMs }: Pick<ShareRequest, 'membership' | 'devices' | 'nowMs'>,
): stored is OwnSenderKeyRecord {
  if (stored === undefined || isSenderKeyWorn(stored.key, membership, nowMs)) return false;
  const readers = new Set(devices.map(addressKey));
  return stored.sharedWith.every((address) => readers.has(addressKey(address)));
}

async function replacedSenderKey(
  { provider, self, store }: DeviceContext,
  step: DurableStep,
  stored: OwnSenderKeyRecord | undefined,
  { membership, nowMs }: ShareRequest,
): Promise<OwnSenderKeyRecord> {
  const { groupId, epoch, epochHash } = membership;
  await removeShares(store, step, groupId);
  const scope = { groupId, sender: self.address, epoch, membershipHash: epochHash };
  const earlier =
    stored === undefined ? [] : [{ keyId: stored.key.keyId, readers: stored.sharedWith }, ...stored.earlier];
  return {
    key: await generateSenderKey(provider, scope, nowMs),
    sharedWith: [],
    earlier: earlier.slice(0, E2EE_LIMITS.senderKeysPerDeviceMax - 1),
  };
}

/** What was shared holds the start of a chain: kept longer than its key, it would open again what the chain has forgotten. */
async function removeShares(store: SessionStore, step: DurableStep, groupId: string): Promise<void> {
  const prefix = `sender_key/${groupId}/`;
  const ids = await store.list('outgoing', prefix, SHARES_MAX);
  for (const id of ids.filter((each) => each.startsWith(prefix))) {
    const name = recordNames.outgoing(id);
    await step.read(name);
    step.remove(name);
  }
}

/** One at each position of a key, and one key at a time. */
const SHARES_MAX = E2EE_LIMITS.senderKeyMessagesMax + 1;
