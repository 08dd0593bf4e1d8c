import type { UserId } from '@parley/protocol';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { EMPTY, equalBytes } from '../bytes/bytes.ts';
import type { CryptoProvider } from '../crypto/crypto-provider.ts';
import { type DeviceAddress, writeAddress } from '../identity/device-address.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { refusalOfChange } from './membership-rules.ts';

/**
 * The membership of a group as a log of signed, hash-chained entries (G3). The server orders and stores them; it can neither add a
 * member nor hide a removal, because each device checks signature, role and chain by itself.
 */
export type GroupRole = 'owner' | 'admin' | 'member';

export type MembershipChange =
  /** The first entry: its author becomes the owner. */
  | { readonly kind: 'create' }
  | { readonly kind: 'add'; readonly userId: UserId; readonly role: GroupRole }
  | { readonly kind: 'remove'; readonly userId: UserId }
  | { readonly kind: 'leave' }
  | { readonly kind: 'set_role'; readonly userId: UserId; readonly role: GroupRole };

export interface MembershipEntry {
  readonly groupId: string;
  /** From 1, without gaps. */
  readonly height: number;
  /** Hash of the entry before, 32 bytes; empty for the first. */
  readonly previousHash: Uint8Array;
  readonly author: DeviceAddress;
  readonly change: MembershipChange;
  /** By the author device's Ed25519 identity key, 64 bytes. */
  readonly signature: Uint8Array;
}

export interface MembershipState {
  readonly groupId: string;
  readonly height: number;
  /** Hash of the newest entry. */
  readonly hash: Uint8Array;
  /** Rises by one with each entry that changes who may read. */
  readonly epoch: number;
  /** Hash of the entry that began the epoch: sender keys are bound to it. */
  readonly epochHash: Uint8Array;
  readonly members: ReadonlyMap<UserId, GroupRole>;
}

export type MembershipRefusal =
  /** Two valid entries at one height: the server, or a member with it, shows different groups to different people. Raise an alarm. */
  | 'fork'
  /** Entries before this one are missing. */
  | 'gap'
  /** The entry is known, or older than the newest one. A rival of an older entry shows by the next entry after it, as a fork. */
  | 'repeated'
  | 'wrong_group'
  | 'author_unknown'
  | 'signature_wrong'
  | 'not_permitted'
  | 'group_full';

export type MembershipOutcome =
  | { readonly kind: 'applied'; readonly state: MembershipState }
  | { readonly kind: 'refused'; readonly reason: MembershipRefusal };

/**
 * Ed25519 key of a device according to its account's signed device lists; `undefined`: never a device of that account. For entries
 * of the past the lists of the past count: a device that has left since was entitled then.
 */
export type FindSigningKey = (author: DeviceAddress) => Promise<Uint8Array | undefined>;

/** Makes the entry that comes after `state` (`undefined`: the first). Whether it is permitted shows when it is applied. */
export async function signMembershipEntry(
  self: DeviceIdentity,
  groupId: string,
  state: MembershipState | undefined,
  change: MembershipChange,
): Promise<MembershipEntry> {
  const draft = {
    groupId,
    height: (state?.height ?? 0) + 1,
    previousHash: state?.hash ?? EMPTY,
    author: self.address,
    change,
  };
  return { ...draft, signature: await self.sign(signedBytes(draft)) };
}

/** Checks one entry and gives the state after it. `state` is `undefined` before the first entry. */
export async function applyMembershipEntry(
  provider: CryptoProvider,
  state: MembershipState | undefined,
  entry: MembershipEntry,
  findSigningKey: FindSigningKey,
): Promise<MembershipOutcome> {
  if (state !== undefined && entry.groupId !== state.groupId) return refused('wrong_group');
  const signingKey = await findSigningKey(entry.author);
  if (signingKey === undefined) return refused('author_unknown');
  const bytes = signedBytes(entry);
  if (!(await provider.ed25519.verify(signingKey, bytes, entry.signature))) return refused('signature_wrong');

  // The signature stays out of the hash: a second signature under the same entry is not a second entry.
  const hash = provider.hash.sha256(bytes);
  const height = state?.height ?? 0;
  if (entry.height === height) return refused(equalBytes(hash, state?.hash ?? EMPTY) ? 'repeated' : 'fork');
  if (entry.height < height) return refused('repeated');
  if (entry.height > height + 1) return refused('gap');
  if (!equalBytes(entry.previousHash, state?.hash ?? EMPTY)) return refused('fork');

  const refusal = refusalOfChange(state, entry.author.userId, entry.change);
  if (refusal !== undefined) return refused(refusal);
  const members = changedMembers(state, entry);
  if (members.size > E2EE_LIMITS.groupMembersMax) return refused('group_full');
  const beginsEpoch = entry.change.kind !== 'set_role';
  return {
    kind: 'applied',
    state: {
      groupId: entry.groupId,
      height: entry.height,
      hash,
      epoch: (state?.epoch ?? 0) + (beginsEpoch ? 1 : 0),
      epochHash: beginsEpoch ? hash : (state?.epochHash ?? hash),
      members,
    },
  };
}

const refused = (reason: MembershipRefusal): MembershipOutcome => ({ kind: 'refused', reason });

function changedMembers(
  state: MembershipState | undefined,
  { change, author }: MembershipEntry,
): ReadonlyMap<UserId, GroupRole> {
  const members = new Map(state?.members);
  switch (change.kind) {
    case 'create':
      return members.set(author.userId, 'owner');
    case 'add':
    case 'set_role':
      return members.set(change.userId, change.role);
    case 'remove':
      members.delete(change.userId);
      return members;
    case 'leave':
      members.delete(author.userId);
      return members;
  }
}

function signedBytes(entry: Omit<MembershipEntry, 'signature'>): Uint8Array {
  const writer = new ByteWriter().text('Parley group membership v1').text(entry.groupId).varint(entry.height);
  writer.sized(entry.previousHash);
  writeAddress(writer, entry.author);
  const { change } = entry;
  writer.text(change.kind);
  if ('userId' in change) writer.text(change.userId);
  if ('role' in change) writer.text(change.role);
  return writer.finish();
}
