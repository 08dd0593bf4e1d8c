import { makeUserId, type UserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import type { Builders } from '../builders.ts';
import { erasureOfAccountCases } from './account-erasure-cases.ts';
import { readWholeUserLog } from './read-everything.ts';
import { type OpenStores, type StoreTest, storeTest } from './store-test.ts';

/** What `AccountStore` promises, shown on an engine. */
export function accountStoreContract(engine: string, open: OpenStores): void {
  describe(`${engine}: AccountStore`, () => {
    const test = storeTest(open);
    creationCases(test);
    updateCases(test);
    findingCases(test);
    erasureOfAccountCases(test);
  });
}

function creationCases(test: StoreTest): void {
  test('[AUTH-1] the first account is the administrator, the next are not', async ({ stores, build }) => {
    const requests = Array.from({ length: 4 }, () => build.account());
    const outcomes = await Promise.all(requests.map((request) => stores.accountStore.create(request, 'always')));
    const admins = outcomes.filter((outcome) => outcome.kind === 'created' && outcome.account.isAdmin);
    expect(admins).toHaveLength(1);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.kind !== 'created') throw new Error(`Creating was refused: ${outcome.kind}.`);
      const { isAdmin, ...account } = outcome.account;
      expect(account).toEqual({ ...requests[index], lastSeenAt: null, deletedAt: null });
      expect((await stores.accountStore.findMany([account.userId])).get(account.userId)).toEqual({
        ...account,
        isAdmin,
      });
    }
  });

  test('[PLACE-3] of several that may be made only as the first, one is made, and none where there is one', async ({
    stores,
    build,
  }) => {
    const requests = Array.from({ length: 4 }, () => build.account());
    const outcomes = await Promise.all(requests.map((request) => stores.accountStore.create(request, 'only_as_first')));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'not_first', 'not_first', 'not_first']);
    const late = build.account();
    expect(await stores.accountStore.create(late, 'only_as_first')).toEqual({ kind: 'not_first' });
    expect(await stores.accountStore.findMany([late.userId])).toEqual(new Map());
  });

  test('[AUTH-1] an identifier is taken once, in whatever case, and the answer names the field', async ({
    stores,
    build,
  }) => {
    const taken = { username: 'Alice', email: 'Alice@Example.org', phone: '+491701234567' };
    await stores.accountStore.create(build.account(taken), 'always');
    for (const [field, value] of [
      ['username', 'aLICE'],
      ['email', 'alice@example.ORG'],
      ['phone', '+491701234567'],
    ] as const) {
      const request = build.account({ [field]: value });
      expect(await stores.accountStore.create(request, 'always')).toEqual({ kind: 'identifier_taken', field });
      expect(await stores.accountStore.findMany([request.userId])).toEqual(new Map());
    }
  });

  test('[AUTH-1] one name wanted by many at once goes to one', async ({ stores, build }) => {
    const requests = Array.from({ length: 8 }, () => build.account({ username: 'popular' }));
    const outcomes = await Promise.all(requests.map((request) => stores.accountStore.create(request, 'always')));
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });

  test('[AUTH-1] people without one of the identifiers do not collide', async ({ stores, build }) => {
    for (const username of [null, null, 'third']) {
      expect((await stores.accountStore.create(build.account({ username }), 'always')).kind).toBe('created');
    }
  });
}

function updateCases(test: StoreTest): void {
  test('[SYNC-2] an update changes what it names and tells all devices of the user', async ({ stores, build }) => {
    const { userId } = await build.person({ name: 'Alice', status: 'Here' });
    const before = (await stores.accountStore.findMany([userId])).get(userId);
    const change = { status: null, privacy: { last_seen: 'nobody', read_receipts: false } } as const;
    const outcome = await stores.accountStore.update(userId, change);
    expect(outcome).toEqual({ kind: 'updated', account: { ...before, ...change } });
    expect((await stores.accountStore.findMany([userId])).get(userId)).toEqual({ ...before, ...change });
    expect((await readWholeUserLog(stores.userLog, userId)).at(-1)).toMatchObject({ type: 'profile_changed' });
  });

  test('[PRES-3] two changes of privacy at once both stay', async ({ stores, build }) => {
    const { userId } = await build.person();
    await Promise.all([
      stores.accountStore.update(userId, { privacy: { last_seen: 'nobody' } }),
      stores.accountStore.update(userId, { privacy: { read_receipts: false } }),
    ]);
    const account = (await stores.accountStore.findMany([userId])).get(userId);
    expect(account?.privacy).toEqual({ last_seen: 'nobody', read_receipts: false });
  });

  test('[AUTH-1] a new username must be free; the old one becomes free', async ({ stores, build }) => {
    const { userId } = await build.person({ username: 'alice' });
    await build.person({ username: 'bob' });
    const head = await stores.userLog.head(userId);
    expect(await stores.accountStore.update(userId, { username: 'BOB', name: 'Eve' })).toEqual({
      kind: 'identifier_taken',
      field: 'username',
    });
    expect((await stores.accountStore.findMany([userId])).get(userId)?.name).not.toBe('Eve');
    expect(await stores.userLog.head(userId)).toBe(head);
    expect((await stores.accountStore.update(userId, { username: 'Alice' })).kind).toBe('updated');
    expect((await stores.accountStore.update(userId, { username: 'alicia' })).kind).toBe('updated');
    expect((await stores.accountStore.create(build.account({ username: 'alice' }), 'always')).kind).toBe('created');
    expect((await stores.accountStore.findByIdentifier('ALICIA'))?.userId).toBe(userId);
  });

  test('[AUTH-1] who is unknown or deleted cannot be updated', async ({ stores, build }) => {
    await build.person();
    const { userId } = await build.person();
    await stores.accountStore.erase(userId, build.nextMoment());
    for (const id of [userId, makeUserId(build.nextIdNumber())]) {
      expect(await stores.accountStore.update(id, { name: 'Ghost' })).toEqual({ kind: 'unknown_user' });
    }
  });

  test('[PRES-1] last seen is kept for many at once and tells nobody', async ({ stores, build }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const head = await stores.userLog.head(alice.userId);
    await stores.accountStore.touchLastSeen([
      { userId: alice.userId, at: 1_760_000_000_001 },
      { userId: bob.userId, at: 1_760_000_000_002 },
      { userId: makeUserId(build.nextIdNumber()), at: 1_760_000_000_003 },
    ]);
    const accounts = await stores.accountStore.findMany([alice.userId, bob.userId]);
    expect(accounts.get(alice.userId)?.lastSeenAt).toBe(1_760_000_000_001);
    expect(accounts.get(bob.userId)?.lastSeenAt).toBe(1_760_000_000_002);
    expect(await stores.userLog.head(alice.userId)).toBe(head);
  });
}

const idsOf = (rows: readonly { readonly user_id: UserId }[]) => rows.map(({ user_id }) => user_id);

async function namedPeople(build: Builders) {
  return {
    anna: await build.person({ username: 'anna', name: 'Anna Maria Schmidt' }),
    hannah: await build.person({ username: 'hannah', name: 'Hannah Lee' }),
    lee: await build.person({ username: 'bruce', name: 'Bruce Lee' }),
  };
}

function findingCases(test: StoreTest): void {
  test('[AUTH-1] an account is found by each of its identifiers, in whatever case', async ({ stores, build }) => {
    const identifiers = { username: 'Carol', email: 'carol@example.org', phone: '+4917099' };
    const { userId } = await build.person(identifiers);
    for (const identifier of ['carol', 'CAROL@example.org', '+4917099']) {
      expect((await stores.accountStore.findByIdentifier(identifier))?.userId).toBe(userId);
    }
    for (const identifier of ['caro', '', 'carol@example', userId]) {
      expect(await stores.accountStore.findByIdentifier(identifier)).toBeUndefined();
    }
  });

  test('[AUTH-1] unknown people are missing from the answer', async ({ stores, build }) => {
    const { userId } = await build.person();
    const found = await stores.accountStore.findMany([makeUserId(build.nextIdNumber()), userId]);
    expect([...found.keys()]).toEqual([userId]);
    expect(await stores.accountStore.findMany([])).toEqual(new Map());
  });

  test('[CONV-1] people are found by the beginning of the username, the name or a word of the name', async ({
    stores,
    build,
  }) => {
    const { anna, hannah, lee } = await namedPeople(build);
    const search = async (query: string) => idsOf(await stores.accountStore.search(query, null, 10));
    expect(await search('aNN')).toEqual([anna.userId]);
    expect(await search('sch')).toEqual([anna.userId]);
    expect(await search('anna m')).toEqual([anna.userId]);
    expect(await search('lee')).toEqual([hannah.userId, lee.userId]);
    expect(await search('bru')).toEqual([lee.userId]);
    expect(await search('ee')).toEqual([]);
    expect(await search('%')).toEqual([]);
    expect(await search('a_na')).toEqual([]);
  });

  test('[CONV-1] a search is paged by user id and shows public profiles only', async ({ stores, build }) => {
    const { hannah, lee } = await namedPeople(build);
    const [first, ...none] = await stores.accountStore.search('lee', null, 1);
    expect(none).toEqual([]);
    expect(first).toEqual({
      user_id: hannah.userId,
      username: 'hannah',
      name: 'Hannah Lee',
      status: null,
      avatar_url: null,
      deleted: false,
    });
    expect(idsOf(await stores.accountStore.search('lee', hannah.userId, 1))).toEqual([lee.userId]);
    expect(await stores.accountStore.search('lee', lee.userId, 1)).toEqual([]);
  });

  test('[PLACE-5] the last administrator is neither dismissed nor erased; with another one both can be', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const isAdmin = async () =>
      [...(await stores.accountStore.findMany([alice.userId, bob.userId])).values()].map((account) => account.isAdmin);
    const dismiss = ({ userId }: typeof alice) => stores.accountStore.setAdmin(userId, false);
    const head = await stores.userLog.head(alice.userId);
    expect(await dismiss(alice)).toEqual({ kind: 'last_admin' });
    expect(await stores.accountStore.erase(alice.userId, build.nextMoment())).toEqual({ kind: 'last_admin' });
    expect(await stores.userLog.head(alice.userId)).toBe(head);
    expect((await dismiss(bob)).kind).toBe('set');
    expect((await stores.accountStore.update(alice.userId, { name: 'Alice' })).kind).toBe('updated');

    expect((await stores.accountStore.setAdmin(bob.userId, true)).kind).toBe('set');
    expect((await dismiss(alice)).kind).toBe('set');
    expect(await isAdmin()).toEqual([false, true]);
    expect(await dismiss(bob)).toEqual({ kind: 'last_admin' });
    await stores.accountStore.setAdmin(alice.userId, true);
    expect(await stores.accountStore.erase(bob.userId, build.nextMoment())).toEqual({ kind: 'erased' });
    expect(await dismiss(alice)).toEqual({ kind: 'last_admin' });
    expect(await isAdmin()).toEqual([true, false]);
  });

  test('[AUTH-1] administrators list all accounts, the newest first, with their devices', async ({ stores, build }) => {
    const { anna, hannah, lee } = await namedPeople(build);
    await build.deviceOf(hannah.userId);
    await stores.accountStore.erase(lee.userId, build.nextMoment());
    const listed = await stores.accountStore.list(undefined, null, 10);
    expect(listed.map(({ userId }) => userId)).toEqual([lee.userId, hannah.userId, anna.userId]);
    expect(listed.map(({ deviceCount }) => deviceCount)).toEqual([0, 2, 1]);
    expect(await stores.accountStore.list(undefined, hannah.userId, 10)).toEqual(listed.slice(2));
    expect(await stores.accountStore.list(undefined, null, 2)).toEqual(listed.slice(0, 2));
    expect((await stores.accountStore.list('hann', null, 10)).map(({ userId }) => userId)).toEqual([hannah.userId]);
  });

  test('[AUTH-1] counts follow what is stored', async ({ stores, build }) => {
    expect(await stores.accountStore.counts()).toEqual({ users: 0, devices: 0, conversations: 0, messages: 0 });
    const [alice, bob] = [await build.person(), await build.person()];
    await build.deviceOf(bob.userId);
    const group = await build.group(alice);
    const { seq } = await build.send(alice, group, 'one');
    await build.appended(build.reaction(alice, group, seq, '👍'));
    expect(await stores.accountStore.counts()).toEqual({ users: 2, devices: 3, conversations: 1, messages: 1 });
  });
}
