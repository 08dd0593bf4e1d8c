import { expect, it } from 'vitest';
import { ADDRESS, CoreUnderTest, codeOf, doneValue, PASSWORD } from '../../test/core-under-test.ts';
import { register } from '../accounts/register.ts';
import type { Actor } from '../actor.ts';
import { StoreError } from '../ports/store-error.ts';
import { createInvitation, listInvitations, withdrawInvitation } from './invitations.ts';
import { readPlace } from './read-place.ts';
import { updatePlace } from './update-place.ts';

const join = (under: CoreUnderTest, username: string, invitation?: string) =>
  register(
    under.core,
    { name: username, username, password: PASSWORD, device_name: 'phone', ...(invitation && { invitation }) },
    ADDRESS,
  );

it('[PLACE-1] the operator’s `closed` stays above what the owner decides', async () => {
  const under = new CoreUnderTest();
  const [owner] = (await under.people(1)) as [Actor];
  await doneValue(updatePlace(under.core, owner, { body: { name: 'Harbour', registration: 'open' } }));
  const settings = { ...under.core.settings, registration: 'closed' } as const;
  expect(await readPlace({ ...under.core, settings })).toEqual({ name: 'Harbour', registration: 'closed' });
});

it('[PLACE-3] by invitation: the first needs none, others a good code; a refused account uses up nothing', async () => {
  const under = new CoreUnderTest({ registration: 'invitation' });
  const [owner] = (await under.people(1)) as [Actor];
  const { code, invitation_id } = await doneValue(createInvitation(under.core, owner, { body: { uses_max: 1 } }));
  expect(await codeOf(join(under, 'without'))).toBe('FORBIDDEN');
  // AUTH-1: nor does it tell that the name is in use.
  expect(await codeOf(join(under, 'person1'))).toBe('FORBIDDEN');
  expect(await codeOf(join(under, 'wrong', 'x'.repeat(22)))).toBe('FORBIDDEN');
  expect(await codeOf(join(under, 'person1', code))).toBe('IDENTIFIER_TAKEN');
  await doneValue(join(under, 'guest', code));
  expect(await codeOf(join(under, 'late', code))).toBe('FORBIDDEN');
  const { items } = await doneValue(listInvitations(under.core, owner));
  expect(items).toMatchObject([{ invitation_id, uses: 1, uses_max: 1 }]);
});

it('[PLACE-3] of several who come at once before there is anybody, one is let in', async () => {
  const under = new CoreUnderTest({ registration: 'invitation' });
  const outcomes = await Promise.all(['ada', 'bob', 'eve'].map((username) => join(under, username)));
  const refusals = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.code] : []));
  expect(refusals).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  expect((await under.core.accountStore.counts()).users).toBe(1);
});

it('[PLACE-3] a use is given back when no account could be made', async () => {
  const under = new CoreUnderTest({ registration: 'invitation' });
  const [owner] = (await under.people(1)) as [Actor];
  const { code } = await doneValue(createInvitation(under.core, owner, { body: { uses_max: 1 } }));
  const busy = new StoreError('Too much is asked for at once.', { applied: 'no', retryable: true });
  const { hash } = under.passwordHasher;
  under.passwordHasher.hash = () => Promise.reject(busy);
  await expect(join(under, 'guest', code)).rejects.toBe(busy);
  under.passwordHasher.hash = hash;
  await doneValue(join(under, 'guest', code));
});

it('[PLACE-3] an invitation ends at its time and when it is withdrawn', async () => {
  const under = new CoreUnderTest({ registration: 'invitation' });
  const [owner] = (await under.people(1)) as [Actor];
  const make = (body: { uses_max: number; expires_in_ms?: number }) =>
    doneValue(createInvitation(under.core, owner, { body }));
  const short = await make({ uses_max: 5, expires_in_ms: 60_000 });
  const other = await make({ uses_max: 5 });
  await under.clock.advance(60_000);
  expect(await codeOf(join(under, 'late', short.code))).toBe('FORBIDDEN');
  const params = { invitation_id: other.invitation_id };
  await doneValue(withdrawInvitation(under.core, owner, { params }));
  expect(await codeOf(withdrawInvitation(under.core, owner, { params }))).toBe('NOT_FOUND');
  expect(await codeOf(join(under, 'late', other.code))).toBe('FORBIDDEN');
});

it('[PLACE-4] only the administrator decides, invites, lists and withdraws; 500 stand at most', async () => {
  const under = new CoreUnderTest();
  const [owner, other] = (await under.people(2)) as [Actor, Actor];
  const body = { uses_max: 1 };
  expect(await codeOf(updatePlace(under.core, other, { body: { name: 'Mine' } }))).toBe('FORBIDDEN');
  expect(await codeOf(createInvitation(under.core, other, { body }))).toBe('FORBIDDEN');
  expect(await codeOf(listInvitations(under.core, other))).toBe('FORBIDDEN');
  const params = { invitation_id: '0'.repeat(32) };
  expect(await codeOf(withdrawInvitation(under.core, other, { params }))).toBe('FORBIDDEN');
  for (let made = 0; made < 500; made += 1) await doneValue(createInvitation(under.core, owner, { body }));
  expect(await codeOf(createInvitation(under.core, owner, { body }))).toBe('CONFLICT');
});
