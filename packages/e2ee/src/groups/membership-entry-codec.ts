import type { UserId } from '@parley/protocol';
import { type ByteReader, parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { readAddress, writeAddress } from '../identity/device-address.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { GroupRole, MembershipChange, MembershipEntry } from './membership-log.ts';

const FORM_VERSION = 1;
const KINDS = ['create', 'add', 'remove', 'leave', 'set_role'] as const;
const ROLES: readonly GroupRole[] = ['owner', 'admin', 'member'];

/** An entry for the wire and for storage, about 200 bytes. Public. */
export function writeMembershipEntry(entry: MembershipEntry): Uint8Array {
  const writer = new ByteWriter().byte(FORM_VERSION).text(entry.groupId).varint(entry.height);
  writer.sized(entry.previousHash);
  writeAddress(writer, entry.author);
  const { change } = entry;
  writer.byte(KINDS.indexOf(change.kind));
  if ('userId' in change) writer.text(change.userId);
  if ('role' in change) writer.byte(ROLES.indexOf(change.role));
  return writer.raw(entry.signature).finish();
}

/** `undefined` when malformed. Nothing is verified yet: see `applyMembershipEntry`. */
export function readMembershipEntry(bytes: Uint8Array): MembershipEntry | undefined {
  return parseBytes(bytes, (reader) => {
    reader.expect(reader.byte() === FORM_VERSION);
    return {
      groupId: reader.text(E2EE_LIMITS.idBytesMax),
      height: reader.varint(E2EE_LIMITS.counterMax),
      previousHash: reader.sized(32),
      author: readAddress(reader),
      change: readChange(reader),
      signature: reader.raw(KEY_BYTES.ed25519Signature),
    };
  });
}

function readChange(reader: ByteReader): MembershipChange {
  // The cast holds in effect: the id is only compared with the ids of other entries.
  const readUser = () => reader.text(E2EE_LIMITS.idBytesMax) as UserId;
  // A choice is below the length of its list, so neither fallback is ever taken.
  const readRole = (): GroupRole => ROLES[reader.choice(ROLES.length)] ?? 'member';
  const kind = KINDS[reader.choice(KINDS.length)] ?? 'create';
  switch (kind) {
    case 'add':
    case 'set_role':
      return { kind, userId: readUser(), role: readRole() };
    case 'remove':
      return { kind, userId: readUser() };
    case 'leave':
    case 'create':
      return { kind };
  }
}
