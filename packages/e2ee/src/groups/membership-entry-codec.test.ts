import { makeUserId } from '@parley/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/people.ts';
import { readMembershipEntry, writeMembershipEntry } from './membership-entry-codec.ts';
import type { GroupRole, MembershipChange } from './membership-log.ts';

const userId = fc.integer({ min: 1, max: 9_999 }).map((number) => makeUserId(BigInt(number)));
const role = fc.constantFrom<GroupRole>('owner', 'admin', 'member');
const change: fc.Arbitrary<MembershipChange> = fc.oneof(
  fc.constant({ kind: 'create' as const }),
  fc.constant({ kind: 'leave' as const }),
  fc.record({ kind: fc.constant('remove' as const), userId }),
  fc.record({ kind: fc.constantFrom('add' as const, 'set_role' as const), userId, role }),
);
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('membership entries as bytes', () => {
  it('read back, and truncated or extended bytes do not', () => {
    fc.assert(
      fc.property(
        change,
        fc.integer({ min: 1, max: 1_000 }),
        bytesOf(32),
        bytesOf(64),
        (what, height, hash, signature) => {
          const entry = { groupId: 'grp', height, previousHash: hash, author: addressOf(1), change: what, signature };
          const bytes = writeMembershipEntry(entry);
          expect(readMembershipEntry(bytes)).toEqual(entry);
          expect(readMembershipEntry(bytes.slice(0, -1))).toBeUndefined();
          expect(readMembershipEntry(Uint8Array.of(...bytes, 0))).toBeUndefined();
        },
      ),
    );
  });
});
