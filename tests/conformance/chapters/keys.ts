import { expect, test } from 'vitest';
import { freshKey, type Person } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';

const server = await serverUnderTest();

const bundle = (...one_time_keys: readonly { key_id: number; key: string }[]) => ({
  identity_key: 'aWRlbnRpdHk',
  signed_pre_key: { key_id: 1, key: 'cHJla2V5', signature: 'c2ln' },
  one_time_keys,
});

test('[KEYS-1] a one-time key is handed out once, to people who share a conversation, 5 times an hour', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  await ada.direct(bob);
  const keys = [
    { key_id: 1, key: 'b25l' },
    { key_id: 2, key: 'dHdv' },
  ];
  expect(await bob.done('PUT', '/keys', bundle(...keys))).toEqual({ one_time_keys_left: 2 });
  const path = `/users/${bob.userId}/keys`;
  const absent = `/users/usr_0000000000001/keys`;
  expect(await eve.refusal('POST', path)).toBe('NOT_FOUND');
  expect(await eve.refusal('POST', absent)).toBe('NOT_FOUND');
  const taken: unknown[] = [];
  for (let asked = 0; asked < 5; asked += 1) {
    const { bundles } = await ada.done('POST', path);
    expect(bundles).toMatchObject([{ device_id: bob.deviceId, identity_key: 'aWRlbnRpdHk' }]);
    taken.push(bundles[0]?.one_time_key);
  }
  expect(taken.slice(2)).toEqual([null, null, null]);
  expect(taken.slice(0, 2)).toEqual(expect.arrayContaining(keys));
  expect(await ada.refusal('POST', path)).toBe('RATE_LIMITED');
  expect(await bob.done('GET', '/keys')).toEqual({ one_time_keys_left: 0 });
});

const item = (to: Person, payload: string) => ({ user_id: to.userId, device_id: to.deviceId, payload });
const put = (from: Person, items: readonly object[], client_msg_id = freshKey()) =>
  from.refusal('POST', '/mailbox', { client_msg_id, items });

test('[BOX-1] an item stays until its device acknowledges it; places are gapless, after sync and live', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  await ada.direct(bob);
  for (const payload of ['b25l', 'dHdv']) expect(await put(ada, [item(bob, payload)])).toBe('done');
  const socket = await bob.live();
  expect(await socket.next('mailbox_item')).toMatchObject({ seq: 1, payload: 'b25l', sender_id: ada.userId });
  expect(await socket.next('mailbox_item')).toMatchObject({ seq: 2, payload: 'dHdv' });
  await put(ada, [item(bob, 'dGhyZWU')]);
  expect(await socket.next('mailbox_item')).toMatchObject({ seq: 3, payload: 'dGhyZWU' });
  const seqs = async (who: Person) => (await who.done('GET', '/mailbox')).items.map(({ seq }) => seq);
  expect(await seqs(bob)).toEqual([1, 2, 3]);
  expect(await seqs(await bob.logIn())).toEqual([]);
  await bob.done('POST', '/mailbox/ack', { up_to: 2 });
  expect(await seqs(bob)).toEqual([3]);
  socket.send({ type: 'mailbox_ack', up_to: 3 });
  await socket.ask({ type: 'unsubscribe', conversation_id: await ada.direct(bob) });
  expect(await seqs(bob)).toEqual([]);
});

test('[BOX-2] all items of a request are stored or none, and the same key once', async () => {
  const [ada, bob, eve] = await server.people('Ada', 'Bob', 'Eve');
  await ada.direct(bob);
  const gone = { ...item(bob, 'b25l'), device_id: 'dev_0000000000001' };
  expect(await put(ada, [item(bob, 'b25l'), gone])).toBe('DEVICES_CHANGED');
  expect(await put(ada, [item(bob, 'b25l'), item(eve, 'b25l')])).toBe('NOT_FOUND');
  expect((await bob.done('GET', '/mailbox')).items).toEqual([]);
  const key = freshKey();
  for (let repeat = 0; repeat < 3; repeat += 1) expect(await put(ada, [item(bob, 'b25l')], key)).toBe('done');
  expect((await bob.done('GET', '/mailbox')).items).toHaveLength(1);
});
