import { beforeEach, describe, expect, it } from 'vitest';
import { CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { acknowledgeMailbox } from './acknowledge-mailbox.ts';
import { countKeys } from './count-keys.ts';
import { putKeys } from './put-keys.ts';
import { readMailbox } from './read-mailbox.ts';
import { sendToDevices } from './send-to-devices.ts';
import { takeKeys } from './take-keys.ts';

let under = new CoreUnderTest();
let [ada, bob, eve] = [] as unknown as [Actor, Actor, Actor]; // The cast holds: beforeEach fills it.
beforeEach(async () => {
  under = new CoreUnderTest({ mailboxItemsMax: 3 });
  [ada, bob, eve] = (await under.people(3)) as [Actor, Actor, Actor];
  await under.direct(ada, bob);
});

describe('key bundles', () => {
  const signed = { key_id: 1, key: 'a2V5', signature: 'c2ln' };
  const body = { identity_key: 'aWQ', signed_pre_key: signed, one_time_keys: [{ key_id: 7, key: 'b25l' }] };
  const take = (actor: Actor, from: Actor) => takeKeys(under.core, actor, { params: { user_id: from.userId } });

  it('[KEYS-1] a one-time key is handed out once', async () => {
    expect(await doneValue(putKeys(under.core, bob, { body }))).toEqual({ one_time_keys_left: 1 });
    const first = await doneValue(take(ada, bob));
    expect(first).toMatchObject({
      user_id: bob.userId,
      bundles: [{ device_id: bob.deviceId, identity_key: 'aWQ', one_time_key: { key_id: 7 }, last_resort_key: null }],
    });
    expect((await doneValue(take(ada, bob))).bundles).toMatchObject([{ one_time_key: null }]);
    expect(await doneValue(countKeys(under.core, bob))).toEqual({ one_time_keys_left: 0 });
  });

  it('[KEYS-1] strangers get none, and nobody more than 5 an hour', async () => {
    await doneValue(putKeys(under.core, bob, { body }));
    expect(await codeOf(take(eve, bob))).toBe('NOT_FOUND');
    expect(await doneValue(countKeys(under.core, bob))).toEqual({ one_time_keys_left: 1 });
    for (let taken = 0; taken < 5; taken += 1) await doneValue(take(ada, bob));
    expect(await codeOf(take(ada, bob))).toBe('RATE_LIMITED');
    await doneValue(take(bob, bob));
    await under.clock.advance(3_600_000);
    await doneValue(take(ada, bob));
  });
});

describe('mailboxes', () => {
  const item = (to: Actor, payload = 'cGF5') => ({ userId: to.userId, deviceId: to.deviceId, payload });
  const send = (items: ReturnType<typeof item>[], clientMsgId = under.key()) =>
    sendToDevices(under.core, ada, { clientMsgId, items });
  const read = async (actor: Actor, afterSeq = 0) =>
    (await doneValue(readMailbox(under.core, actor, { afterSeq, limit: 10 }))).items;

  it('[BOX-1] an item stays until its device acknowledges it', async () => {
    for (const payload of ['b25l', 'dHdv']) await doneValue(send([item(bob, payload)]));
    const items = await read(bob);
    expect(items).toMatchObject([
      { seq: 1, payload: 'b25l', sender_id: ada.userId, sender_device_id: ada.deviceId },
      { seq: 2, payload: 'dHdv' },
    ]);
    expect(under.published.filter(({ event }) => event.type === 'mailbox')).toMatchObject([
      { topic: `user:${bob.userId}`, event: { record: { seq: 1, deviceId: bob.deviceId } } },
      { event: { record: { seq: 2 } } },
    ]);
    expect(await read(bob)).toEqual(items);
    await doneValue(acknowledgeMailbox(under.core, bob, { upTo: 1 }));
    expect((await read(bob)).map(({ seq }) => seq)).toEqual([2]);
  });

  it('[BOX-2] all items of a request are stored or none, once', async () => {
    const key = under.key();
    await doneValue(send([item(bob), item(ada)], key));
    await doneValue(send([item(bob), item(ada)], key));
    expect([await read(bob), await read(ada)].map(({ length }) => length)).toEqual([1, 1]);
    const gone = { ...item(bob), deviceId: under.core.ids.deviceId() };
    expect(await codeOf(send([item(bob), gone]))).toBe('DEVICES_CHANGED');
    expect(await codeOf(send([item(bob), item(eve)]))).toBe('NOT_FOUND');
    expect(await codeOf(send([item(bob), item(bob), item(bob)]))).toBe('STORE_UNAVAILABLE');
    expect(await read(bob)).toHaveLength(1);
  });
});
