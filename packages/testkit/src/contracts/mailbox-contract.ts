import type { Mailbox } from '@parley/core';
import { makeDeviceId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import type { Builders, Person } from '../builders.ts';
import { type OpenStores, storeTest } from './store-test.ts';

type PutRequest = Parameters<Mailbox['put']>[0];

function putRequest(
  build: Builders,
  sender: Person,
  items: readonly (readonly [Person, string])[],
  itemsMax = 100,
): PutRequest {
  return {
    senderId: sender.userId,
    senderDeviceId: sender.deviceId,
    clientMsgId: build.random.uuid(),
    createdAt: build.nextMoment(),
    items: items.map(([{ userId, deviceId }, payload]) => ({ userId, deviceId, payload })),
    itemsMax,
  };
}

/** What `Mailbox` promises, shown on an engine. */
export function mailboxContract(engine: string, open: OpenStores): void {
  describe(`${engine}: Mailbox`, () => {
    const test = storeTest(open);
    const payloadsOf = async (mailbox: Mailbox, { deviceId }: Person) =>
      (await mailbox.readAfter(deviceId, 0, 1_000)).records.map(({ payload }) => payload);

    test('[BOX-1] items come in order, numbered without a gap per device', async ({ stores, build }) => {
      const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
      const request = putRequest(build, alice, [
        [bob, 'b1'],
        [carol, 'c1'],
        [bob, 'b2'],
      ]);
      const sender = { senderId: alice.userId, senderDeviceId: alice.deviceId, createdAt: request.createdAt };
      const toBob = [1, 2].map((seq) => ({ ...sender, deviceId: bob.deviceId, seq, payload: `b${seq}` }));
      const toCarol = { ...sender, deviceId: carol.deviceId, seq: 1, payload: 'c1' };
      const outcome = await stores.mailbox.put(request);
      expect(outcome).toEqual({ kind: 'stored', records: [toBob[0], toCarol, toBob[1]] });
      expect(await stores.mailbox.readAfter(bob.deviceId, 0, 10)).toEqual({ records: toBob, headSeq: 2 });
      expect(await stores.mailbox.readAfter(bob.deviceId, 1, 10)).toEqual({ records: toBob.slice(1), headSeq: 2 });
      expect(await stores.mailbox.readAfter(bob.deviceId, 0, 1)).toEqual({ records: toBob.slice(0, 1), headSeq: 2 });
      const devices = [carol, alice, bob].map(({ deviceId }) => deviceId);
      await stores.mailbox.acknowledge(bob.deviceId, 2);
      const heads = await stores.mailbox.heads([...devices, makeDeviceId(9_999n)]);
      expect(heads).toEqual(
        new Map([
          [carol.deviceId, 1],
          [bob.deviceId, 2],
        ] as const),
      );
      expect(await stores.mailbox.heads([])).toEqual(new Map());
    });

    test('[BOX-1] an item stays until it is acknowledged, and its number is not used again', async ({
      stores,
      build,
    }) => {
      const [alice, bob] = [await build.person(), await build.person()];
      for (const payload of ['a', 'b', 'c']) await stores.mailbox.put(putRequest(build, alice, [[bob, payload]]));
      expect(await payloadsOf(stores.mailbox, bob)).toEqual(['a', 'b', 'c']);
      await stores.mailbox.acknowledge(bob.deviceId, 2);
      expect(await payloadsOf(stores.mailbox, bob)).toEqual(['c']);
      await stores.mailbox.acknowledge(bob.deviceId, 1);
      expect(await payloadsOf(stores.mailbox, bob)).toEqual(['c']);
      await stores.mailbox.acknowledge(bob.deviceId, 1_000);
      expect(await stores.mailbox.readAfter(bob.deviceId, 0, 10)).toEqual({ records: [], headSeq: 3 });
      const next = await stores.mailbox.put(putRequest(build, alice, [[bob, 'd']]));
      expect(next).toMatchObject({ kind: 'stored', records: [{ seq: 4, payload: 'd' }] });
    });

    test('[BOX-2] the same key of the same device is stored once, also after the acknowledgement', async ({
      stores,
      build,
    }) => {
      const [alice, bob] = [await build.person(), await build.person()];
      const request = putRequest(build, alice, [[bob, 'once']]);
      const outcomes = await Promise.all([1, 2, 3].map(() => stores.mailbox.put(request)));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['duplicate', 'duplicate', 'stored']);
      expect(await payloadsOf(stores.mailbox, bob)).toEqual(['once']);
      await stores.mailbox.acknowledge(bob.deviceId, 1);
      expect(await stores.mailbox.put(request)).toEqual({ kind: 'duplicate' });
      const phone = await build.deviceOf(alice.userId);
      const sameKey = { ...putRequest(build, phone, [[bob, 'other device']]), clientMsgId: request.clientMsgId };
      expect((await stores.mailbox.put(sameKey)).kind).toBe('stored');
    });

    test('[BOX-2] an unknown device, or one of another user, refuses all items', async ({ stores, build }) => {
      const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
      const unknown = { userId: carol.userId, deviceId: makeDeviceId(build.nextIdNumber()) };
      const misaddressed = { userId: carol.userId, deviceId: bob.deviceId };
      for (const target of [unknown, misaddressed]) {
        const request = putRequest(build, alice, [
          [bob, 'kept back'],
          [target, 'astray'],
        ]);
        expect(await stores.mailbox.put(request)).toEqual({ kind: 'devices_changed' });
        expect(await stores.mailbox.readAfter(bob.deviceId, 0, 10)).toEqual({ records: [], headSeq: 0 });
      }
    });

    test('[SEND-4] a key that was refused is free: nothing was stored under it', async ({ stores, build }) => {
      const [alice, bob] = [await build.person(), await build.person()];
      const unknown = { userId: bob.userId, deviceId: makeDeviceId(build.nextIdNumber()) };
      const request = putRequest(build, alice, [[unknown, 'astray']]);
      expect(await stores.mailbox.put(request)).toEqual({ kind: 'devices_changed' });
      const corrected = putRequest(build, alice, [[bob, 'arrives']]);
      expect((await stores.mailbox.put({ ...corrected, clientMsgId: request.clientMsgId })).kind).toBe('stored');
    });

    test('[BOX-2] a full mailbox refuses all items and drops nothing', async ({ stores, build }) => {
      const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
      const put = (items: [Person, string][]) => stores.mailbox.put(putRequest(build, alice, items, 2));
      await put([[bob, 'a']]);
      const both = await put([
        [carol, 'c'],
        [bob, 'b'],
        [bob, 'too much'],
      ]);
      expect(both).toEqual({ kind: 'mailbox_full' });
      expect(await payloadsOf(stores.mailbox, bob)).toEqual(['a']);
      expect(await payloadsOf(stores.mailbox, carol)).toEqual([]);
      expect((await put([[bob, 'b']])).kind).toBe('stored');
      expect(await put([[bob, 'c']])).toEqual({ kind: 'mailbox_full' });
      await stores.mailbox.acknowledge(bob.deviceId, 1);
      expect(await put([[bob, 'c']])).toMatchObject({ kind: 'stored', records: [{ seq: 3 }] });
    });

    test('[BOX-1] concurrent senders leave no gap', async ({ stores, build }) => {
      const [bob, ...senders] = await build.people(5);
      if (bob === undefined) throw new Error('There are five people.');
      const requests = Array.from({ length: 10 }, (_, round) =>
        senders.map((sender) => putRequest(build, sender, [[bob, `round ${round}`]])),
      ).flat();
      await Promise.all(requests.map((request) => stores.mailbox.put(request)));
      const { records, headSeq } = await stores.mailbox.readAfter(bob.deviceId, 0, 100);
      expect(headSeq).toBe(40);
      expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    });

    test('[BOX-1] an unknown device has an empty mailbox', async ({ stores, build }) => {
      const deviceId = makeDeviceId(build.nextIdNumber());
      expect(await stores.mailbox.readAfter(deviceId, 0, 10)).toEqual({ records: [], headSeq: 0 });
      await stores.mailbox.acknowledge(deviceId, 5);
    });
  });
}
