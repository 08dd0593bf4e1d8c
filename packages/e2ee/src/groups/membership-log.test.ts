import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/people.ts';
import { nodeProvider as provider } from '../crypto/node-provider.ts';
import { addressKey, type DeviceAddress } from '../identity/device-address.ts';
import { type DeviceIdentity, generateIdentitySecrets, openIdentity } from '../identity/device-identity.ts';
import {
  applyMembershipEntry,
  type MembershipChange,
  type MembershipEntry,
  type MembershipState,
  signMembershipEntry,
} from './membership-log.ts';

const GROUP = 'grp_0000000000007';

async function makePeople(count: number) {
  const people: DeviceIdentity[] = [];
  for (let user = 1; user <= count; user += 1) {
    people.push(await openIdentity(provider, addressOf(user), await generateIdentitySecrets(provider)));
  }
  const keys = new Map(people.map((person) => [addressKey(person.address), person.publicIdentity.signingKey]));
  const findSigningKey = async (author: DeviceAddress) => keys.get(addressKey(author));
  // The cast holds for the counts used below; a wrong one fails at the first use.
  return { people: people as [DeviceIdentity, DeviceIdentity, DeviceIdentity, DeviceIdentity], findSigningKey };
}

type People = Awaited<ReturnType<typeof makePeople>>;

async function change(
  { findSigningKey }: People,
  state: MembershipState | undefined,
  author: DeviceIdentity,
  what: MembershipChange,
): Promise<MembershipState> {
  const entry = await signMembershipEntry(author, GROUP, state, what);
  const outcome = await applyMembershipEntry(provider, state, entry, findSigningKey);
  if (outcome.kind === 'refused') throw new Error(`Refused: ${outcome.reason}.`);
  return outcome.state;
}

const userOf = (person: DeviceIdentity) => person.address.userId;

describe('membership log', () => {
  it('[G3] joins, leaves and removals begin epochs, a change of role does not', async () => {
    const all = await makePeople(4);
    const [owner, admin, member, other] = all.people;
    let state = await change(all, undefined, owner, { kind: 'create' });
    state = await change(all, state, owner, { kind: 'add', userId: userOf(admin), role: 'admin' });
    state = await change(all, state, admin, { kind: 'add', userId: userOf(member), role: 'member' });
    expect([state.height, state.epoch]).toEqual([3, 3]);
    const { epochHash } = state;
    state = await change(all, state, owner, { kind: 'set_role', userId: userOf(member), role: 'admin' });
    expect([state.height, state.epoch, state.epochHash]).toEqual([4, 3, epochHash]);
    state = await change(all, state, member, { kind: 'add', userId: userOf(other), role: 'member' });
    state = await change(all, state, other, { kind: 'leave' });
    state = await change(all, state, owner, { kind: 'remove', userId: userOf(admin) });
    expect(state.epoch).toBe(6);
    expect([...state.members.values()]).toEqual(['owner', 'admin']);
  });

  it('[G3] the server can neither add nor remove anyone, and members only what their role permits', async () => {
    const all = await makePeople(4);
    const [owner, admin, member, other] = all.people;
    let state = await change(all, undefined, owner, { kind: 'create' });
    state = await change(all, state, owner, { kind: 'add', userId: userOf(admin), role: 'admin' });
    state = await change(all, state, owner, { kind: 'add', userId: userOf(member), role: 'member' });
    const attempts: [DeviceIdentity, MembershipChange][] = [
      [member, { kind: 'add', userId: userOf(other), role: 'member' }],
      [member, { kind: 'remove', userId: userOf(admin) }],
      [other, { kind: 'add', userId: userOf(other), role: 'member' }],
      [other, { kind: 'leave' }],
      [admin, { kind: 'add', userId: userOf(other), role: 'admin' }],
      [admin, { kind: 'remove', userId: userOf(owner) }],
      [admin, { kind: 'set_role', userId: userOf(admin), role: 'owner' }],
      [owner, { kind: 'set_role', userId: userOf(owner), role: 'member' }],
      [owner, { kind: 'add', userId: userOf(member), role: 'member' }],
      [owner, { kind: 'leave' }],
      [owner, { kind: 'create' }],
    ];
    for (const [author, what] of attempts) {
      const entry = await signMembershipEntry(author, GROUP, state, what);
      const outcome = await applyMembershipEntry(provider, state, entry, all.findSigningKey);
      expect([what, outcome]).toEqual([what, { kind: 'refused', reason: 'not_permitted' }]);
    }
  });

  it('[G3] forged, foreign, missing and repeated entries are refused, and a fork raises the alarm', async () => {
    const all = await makePeople(4);
    const [owner, admin, member] = all.people;
    const first = await change(all, undefined, owner, { kind: 'create' });
    const entry = await signMembershipEntry(owner, GROUP, first, {
      kind: 'add',
      userId: userOf(admin),
      role: 'member',
    });
    const rival = await signMembershipEntry(owner, GROUP, first, {
      kind: 'add',
      userId: userOf(member),
      role: 'member',
    });
    const refusal = async (state: MembershipState | undefined, given: MembershipEntry) => {
      const outcome = await applyMembershipEntry(provider, state, given, all.findSigningKey);
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
    };
    const promoted = { ...entry, change: { kind: 'add', userId: userOf(admin), role: 'admin' } } as const;
    expect(await refusal(first, promoted)).toBe('signature_wrong');
    expect(await refusal(first, { ...entry, author: member.address })).toBe('signature_wrong');
    expect(await refusal(first, { ...entry, author: addressOf(99) })).toBe('author_unknown');
    expect(await refusal({ ...first, groupId: 'grp_0000000000008' }, entry)).toBe('wrong_group');
    const outcome = await applyMembershipEntry(provider, first, entry, all.findSigningKey);
    if (outcome.kind === 'refused') throw new Error('A sound entry was refused.');
    const second = outcome.state;
    expect(await refusal(second, entry)).toBe('repeated');
    expect(await refusal(second, rival)).toBe('fork');
    const third = await signMembershipEntry(owner, GROUP, second, { kind: 'remove', userId: userOf(admin) });
    expect(await refusal(first, third)).toBe('gap');
    const other = await applyMembershipEntry(provider, first, rival, all.findSigningKey);
    expect(await refusal(other.kind === 'applied' ? other.state : undefined, third)).toBe('fork');
  });
});
