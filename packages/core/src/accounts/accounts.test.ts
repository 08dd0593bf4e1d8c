import { beforeEach, describe, expect, it } from 'vitest';
import {
  ADDRESS,
  actorOf,
  allPages,
  CoreUnderTest,
  codeOf,
  doneValue,
  PASSWORD,
  refusalOf,
} from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import { authenticateToken } from './authenticate-token.ts';
import { changePassword } from './change-password.ts';
import { createTicket } from './create-ticket.ts';
import { deleteMe } from './delete-me.ts';
import { getMe } from './get-me.ts';
import { getUser } from './get-user.ts';
import { listDevices } from './list-devices.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { redeemTicket } from './redeem-ticket.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { requestCode } from './request-code.ts';
import { revokeDevice } from './revoke-device.ts';
import { searchUsers } from './search-users.ts';
import { updateMe } from './update-me.ts';

const PHONE = '+4915112345678';
let world = new CoreUnderTest();
beforeEach(() => {
  world = new CoreUnderTest();
});

const logIn = (identifier: string, password = PASSWORD, address = ADDRESS) =>
  login(world.core, { identifier, password, device_name: 'Other device' }, address);

describe('a log-in that is under way', () => {
  /** Starts a log-in that has checked the password and not yet answered, does something, and lets it go on. */
  async function during(change: () => Promise<unknown>) {
    const { deviceStore } = world.core;
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const slow: DeviceStore = {
      async create(...device) {
        reached.resolve();
        await released.promise;
        return await deviceStore.create(...device);
      },
      list: (userId) => deviceStore.list(userId),
      find: (deviceId) => deviceStore.find(deviceId),
      revoke: (userId, deviceId) => deviceStore.revoke(userId, deviceId),
      rotate: (digest, next, at) => deviceStore.rotate(digest, next, at),
    };
    const body = { identifier: 'ada', password: PASSWORD, device_name: 'Thief' };
    const outcome = login({ ...world.core, deviceStore: slow }, body, ADDRESS);
    await reached.promise;
    await change();
    released.resolve();
    return await outcome;
  }

  it('[AUTH-7] logs nobody in when the password was changed meanwhile', async () => {
    const ada = await world.person('ada');
    const body = { current_password: PASSWORD, new_password: 'another password' };
    const outcome = await during(() => doneValue(changePassword(world.core, ada, { body })));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'WRONG_CREDENTIALS' });
    expect((await world.core.deviceStore.list(ada.userId)).map(({ deviceId }) => deviceId)).toEqual([ada.deviceId]);
  });

  it('[ACCT-1] logs nobody in when the account was deleted meanwhile', async () => {
    await world.person('first');
    const ada = await world.person('ada');
    const outcome = await during(() => doneValue(deleteMe(world.core, ada, { body: { password: PASSWORD } })));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'WRONG_CREDENTIALS' });
    expect(await world.core.deviceStore.list(ada.userId)).toEqual([]);
  });
});

describe('registering', () => {
  it('[AUTH-5] no more tries from one address than it has, and each other address has its own', async () => {
    const few = new CoreUnderTest({ registrationsPerAddress: 2 });
    const registerFrom = (username: string, address: string) =>
      register(few.core, { name: username, username, password: PASSWORD, device_name: 'Laptop' }, address);
    for (const username of ['ada', 'bob']) await doneValue(registerFrom(username, ADDRESS));
    expect(await codeOf(registerFrom('eve', ADDRESS))).toBe('RATE_LIMITED');
    await doneValue(registerFrom('eve', '192.0.2.77'));
  });

  it('[AUTH-1] the first account is administrator, the next is not', async () => {
    const [first, second] = [await world.session('ada'), await world.session('bob')];
    expect(first.me).toMatchObject({ username: 'ada', is_admin: true, privacy: { last_seen: 'everyone' } });
    expect(second.me.is_admin).toBe(false);
  });

  it('[AUTH-1] an identifier belongs to one account', async () => {
    await world.session('ada', { email: 'ada@example.org', phone: PHONE });
    const body = { name: 'Eve', password: PASSWORD, device_name: 'Laptop' };
    const taken = [
      { ...body, username: 'ada' },
      { ...body, email: 'ada@example.org' },
      { ...body, phone: PHONE },
    ];
    for (const attempt of taken) expect(await codeOf(register(world.core, attempt, ADDRESS))).toBe('IDENTIFIER_TAKEN');
  });

  it('a closed server takes nobody', async () => {
    const closed = new CoreUnderTest({ registration: 'closed' });
    const body = { name: 'Ada', username: 'ada', password: PASSWORD, device_name: 'Laptop' };
    expect(await codeOf(register(closed.core, body, ADDRESS))).toBe('FORBIDDEN');
    expect(await closed.core.accountStore.counts()).toMatchObject({ users: 0 });
  });
});

describe('tokens', () => {
  it('[AUTH-2] each log-in makes a device with its own tokens, at most 20', async () => {
    const first = await world.session('ada', { email: 'ada@example.org' });
    const second = await doneValue(logIn('Ada@Example.org'));
    expect(second.device_id).not.toBe(first.device_id);
    expect(second.access_expires_at - world.clock.now()).toBe(600_000);
    expect(second.refresh_expires_at - world.clock.now()).toBe(60 * 86_400_000);
    for (let device = 2; device <= 20; device += 1) {
      await world.clock.advance(900_000);
      await doneValue(logIn('ada'));
    }
    const { items } = await doneValue(listDevices(world.core, actorOf(second)));
    expect(items).toHaveLength(20);
    expect(items.filter(({ current }) => current).map(({ device_id }) => device_id)).toEqual([second.device_id]);
    expect(world.events('disconnect')).toEqual([
      { type: 'disconnect', userId: first.me.user_id, deviceId: first.device_id, reason: 'DEVICE_REVOKED' },
    ]);
  });

  it('[AUTH-2] no token is stored or logged', async () => {
    const { access_token, refresh_token } = await world.session('ada');
    const known = JSON.stringify([world.log.lines, world.published]);
    for (const secret of [access_token, refresh_token, PASSWORD]) expect(known).not.toContain(secret);
    expect(await world.core.deviceStore.rotate(refresh_token, { digest: 'x', expiresAt: 1 }, 0)).toEqual({
      kind: 'unknown',
    });
  });

  it('[AUTH-3] a refresh token works once; an older one logs the device out', async () => {
    const first = await world.session('ada');
    const second = await doneValue(refresh(world.core, first));
    expect(second).toMatchObject({ device_id: first.device_id, me: first.me });
    const third = await doneValue(refresh(world.core, second));
    expect(await codeOf(refresh(world.core, first))).toBe('REFRESH_REUSED');
    expect(await codeOf(refresh(world.core, third))).toBe('TOKEN_INVALID');
    expect(await codeOf(authenticateToken(world.core, third.access_token))).toBe('TOKEN_INVALID');
    expect(world.events('disconnect')).toMatchObject([{ deviceId: first.device_id, reason: 'DEVICE_REVOKED' }]);
  });

  it('[AUTH-3] the one just exchanged is good until its successor is exchanged', async () => {
    const first = await world.session('ada');
    await doneValue(refresh(world.core, first));
    await world.clock.advance(86_400_000);
    const again = await doneValue(refresh(world.core, first));
    await doneValue(refresh(world.core, again));
    expect(await codeOf(refresh(world.core, first))).toBe('REFRESH_REUSED');
  });

  it('[AUTH-3] a refresh token expires', async () => {
    const session = await world.session('ada');
    await world.clock.advance(60 * 86_400_000);
    expect(await codeOf(refresh(world.core, session))).toBe('TOKEN_EXPIRED');
  });

  it('[AUTH-4] access token, refresh token and ticket are no substitutes for each other', async () => {
    const { core } = world;
    const session = await world.session('ada');
    const { ticket } = await doneValue(createTicket(core, actorOf(session)));
    for (const token of [session.refresh_token, ticket, '', 'access'])
      expect(await codeOf(authenticateToken(core, token))).toBe('TOKEN_INVALID');
    for (const refresh_token of [session.access_token, ticket, 'x'])
      expect(await codeOf(refresh(core, { refresh_token }))).toBe('TOKEN_INVALID');
    for (const token of [session.access_token, session.refresh_token, ''])
      expect(await codeOf(redeemTicket(core, token))).toBe('TOKEN_INVALID');
    expect(await doneValue(authenticateToken(core, session.access_token))).toMatchObject({
      userId: session.me.user_id,
    });
    await world.clock.advance(600_000);
    expect(await codeOf(authenticateToken(core, session.access_token))).toBe('TOKEN_EXPIRED');
  });

  it('[AUTH-8] a ticket opens one socket within 30 s', async () => {
    const actor = await world.person();
    const { core } = world;
    const [one, two] = [await doneValue(createTicket(core, actor)), await doneValue(createTicket(core, actor))];
    await world.clock.advance(29_999);
    const { userId, deviceId } = actor;
    const expiresAt = world.clock.now() + 600_000;
    expect(await doneValue(redeemTicket(core, one.ticket))).toEqual({ userId, deviceId, expiresAt });
    expect(await codeOf(redeemTicket(core, one.ticket))).toBe('TOKEN_INVALID');
    await world.clock.advance(1);
    expect(await codeOf(redeemTicket(core, two.ticket))).toBe('TOKEN_INVALID');
  });

  it('[AUTH-8] a ticket of a device that was logged out opens nothing, and a wrong one uses the right one up', async () => {
    const actor = await world.person();
    const { core } = world;
    const { ticket } = await doneValue(createTicket(core, actor));
    await doneValue(logout(core, actor));
    expect(await codeOf(redeemTicket(core, ticket))).toBe('TOKEN_INVALID');
    const other = await world.person();
    const guessed = (await doneValue(createTicket(core, other))).ticket;
    expect(await codeOf(redeemTicket(core, `${guessed.slice(0, -1)}_`))).toBe('TOKEN_INVALID');
    expect(await codeOf(redeemTicket(core, guessed))).toBe('TOKEN_INVALID');
  });
});

describe('logging in', () => {
  it('[AUTH-5] an unknown name and a wrong password get the same answer after the same work', async () => {
    await world.session('ada');
    const hasher = world.passwordHasher;
    const wrong = await refusalOf(logIn('ada', 'not the password'));
    expect(hasher.verified).toHaveLength(1);
    expect(await refusalOf(logIn('nobody'))).toEqual(wrong);
    expect(wrong.code).toBe('WRONG_CREDENTIALS');
    expect(hasher.verified).toHaveLength(2);
    // The hash of the decoy was made with the hasher's own cost, and its password is nobody's.
    expect(await codeOf(logIn('nobody', hasher.verified[1]?.slice('plain:'.length)))).toBe('WRONG_CREDENTIALS');
  });

  it('[AUTH-5] attempts are limited per account and address', async () => {
    await world.session('ada');
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect(await codeOf(logIn('ada', 'not the password'))).toBe('WRONG_CREDENTIALS');
    expect(await refusalOf(logIn('ADA'))).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 900_000 });
    expect((await logIn('ada', PASSWORD, '203.0.113.9')).kind).toBe('done');
    await world.clock.advance(900_000);
    expect((await logIn('ada')).kind).toBe('done');
  });

  it('[AUTH-5] attempts on one account from many addresses, and from one address on many accounts, are limited', async () => {
    world = new CoreUnderTest({ loginAttemptsPerAccount: 3, loginAttemptsPerAddress: 5 });
    for (let address = 0; address < 3; address += 1) await logIn('ada', 'wrong password', `${address}`);
    expect(await codeOf(logIn('ada', 'wrong password', '4'))).toBe('RATE_LIMITED');
    for (let name = 0; name < 5; name += 1) await logIn(`name${name}`, 'wrong password', '5');
    expect(await codeOf(logIn('another', 'wrong password', '5'))).toBe('RATE_LIMITED');
  });

  const withCode = (code: string) => login(world.core, { phone: PHONE, code, device_name: 'Phone' }, ADDRESS);
  const lastCode = () => world.sentCodes.at(-1)?.code ?? 'none';
  const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

  it('[AUTH-6] a code has 6 digits and works once', async () => {
    const { me } = await world.session('ada', { phone: PHONE });
    await doneValue(requestCode(world.core, { phone: PHONE }, ADDRESS));
    expect(world.sentCodes).toEqual([{ phone: PHONE, code: expect.stringMatching(/^[0-9]{6}$/) }]);
    expect((await doneValue(withCode(lastCode()))).me).toEqual(me);
    expect(await codeOf(withCode(lastCode()))).toBe('WRONG_CREDENTIALS');
  });

  it('[AUTH-6] a code lives 5 minutes and dies after 5 wrong tries', async () => {
    await world.session('ada', { phone: PHONE });
    await doneValue(requestCode(world.core, { phone: PHONE }, ADDRESS));
    await world.clock.advance(300_000);
    expect(await codeOf(withCode(lastCode()))).toBe('WRONG_CREDENTIALS');
    await doneValue(requestCode(world.core, { phone: PHONE }, ADDRESS));
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect(await codeOf(withCode(otherThan(lastCode())))).toBe('WRONG_CREDENTIALS');
    expect(await codeOf(withCode(lastCode()))).toBe('WRONG_CREDENTIALS');
  });

  it('[AUTH-6] asking for a code never tells whether there is an account', async () => {
    expect(await requestCode(world.core, { phone: PHONE }, ADDRESS)).toEqual({ kind: 'done', value: undefined });
    expect(world.sentCodes).toEqual([]);
    for (let asked = 1; asked < 5; asked += 1) await doneValue(requestCode(world.core, { phone: PHONE }, `${asked}`));
    expect(await codeOf(requestCode(world.core, { phone: PHONE }, ADDRESS))).toBe('RATE_LIMITED');
  });

  it('[AUTH-6] a code that could not be sent is told to the operator, not to who asked', async () => {
    await world.session('ada', { phone: PHONE });
    const codeSender = { send: () => Promise.reject(new Error('The gateway of this test is down.')) };
    await doneValue(requestCode({ ...world.core, codeSender }, { phone: PHONE }, ADDRESS));
    await world.clock.advance(0);
    expect(world.log.lines.map(({ event }) => event)).toContain('code.not_sent');
  });
});

describe('devices', () => {
  it('[AUTH-7] changing the password logs other devices out', async () => {
    const first = await world.session('ada');
    const second = await doneValue(logIn('ada'));
    const body = { current_password: PASSWORD, new_password: 'another password' };
    const wrong = { body: { ...body, current_password: 'not the password' } };
    expect(await codeOf(changePassword(world.core, actorOf(first), wrong))).toBe('WRONG_CREDENTIALS');
    await doneValue(changePassword(world.core, actorOf(first), { body }));
    expect((await authenticateToken(world.core, first.access_token)).kind).toBe('done');
    expect(await codeOf(authenticateToken(world.core, second.access_token))).toBe('TOKEN_INVALID');
    expect(world.events('disconnect')).toMatchObject([{ deviceId: second.device_id }]);
    expect(await codeOf(logIn('ada'))).toBe('WRONG_CREDENTIALS');
    expect((await logIn('ada', 'another password')).kind).toBe('done');
  });

  it('[AUTH-7] the token of a revoked device is refused at once, and its connections are closed', async () => {
    const first = await world.session('ada');
    const second = await doneValue(logIn('ada'));
    const stranger = await world.person();
    const params = { device_id: second.device_id };
    expect(await codeOf(revokeDevice(world.core, stranger, { params }))).toBe('NOT_FOUND');
    await doneValue(revokeDevice(world.core, actorOf(first), { params }));
    expect(await codeOf(authenticateToken(world.core, second.access_token))).toBe('TOKEN_INVALID');
    expect(await codeOf(revokeDevice(world.core, actorOf(first), { params }))).toBe('NOT_FOUND');
    await doneValue(logout(world.core, actorOf(first)));
    await doneValue(logout(world.core, actorOf(first)));
    expect(world.events('disconnect').map(({ deviceId }) => deviceId)).toEqual([second.device_id, first.device_id]);
  });
});

describe('profiles', () => {
  it('a profile is changed by its owner and seen by others without e-mail and phone', async () => {
    const ada = await world.session('ada', { email: 'ada@example.org', phone: PHONE });
    const bob = await world.person('bob');
    const actor = actorOf(ada);
    const body = { name: 'Ada Lovelace', status: 'Computing', avatar_url: '/a.png' };
    const me = await doneValue(updateMe(world.core, actor, { body }));
    expect(me).toEqual({ ...ada.me, ...body });
    expect(await doneValue(updateMe(world.core, actor, { body: {} }))).toEqual(me);
    expect(await doneValue(updateMe(world.core, actor, { body: { status: '' } }))).toEqual({ ...me, status: null });
    expect(await codeOf(updateMe(world.core, actor, { body: { username: 'bob' } }))).toBe('IDENTIFIER_TAKEN');
    const seen = await doneValue(getUser(world.core, bob, { params: { user_id: actor.userId } }));
    expect(JSON.stringify(seen)).not.toMatch(/example\.org|\+49/);
    expect(await codeOf(getUser(world.core, bob, { params: { user_id: world.core.ids.userId() } }))).toBe('NOT_FOUND');
    expect(await codeOf(getMe(world.core, { ...bob, userId: world.core.ids.userId() }))).toBe('TOKEN_INVALID');
  });

  it('[HIST-2] people are found by page', async () => {
    const [asker] = (await world.people(5)) as [Actor];
    const { items, sizes } = await allPages((cursor) =>
      searchUsers(world.core, asker, { query: { query: 'person', limit: 2, ...cursor } }),
    );
    expect(sizes).toEqual([2, 2, 1]);
    expect(items.map(({ name }) => name)).toEqual(['person1', 'person2', 'person3', 'person4', 'person5']);
    expect(await codeOf(searchUsers(world.core, asker, { query: { query: 'x', limit: 2, cursor: 'x' } }))).toBe(
      'BAD_CURSOR',
    );
  });
});
