import { CLOSE } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { deviceOf, liveDeviceOf, openServer, textsOf } from '../test/devices.ts';
import { MemoryOutboxStorage } from './outbox/outbox-storage.ts';
import { MemoryStateStorage } from './storage/state-storage.ts';
import { conversationList, tickOf } from './store/selectors.ts';

async function pair() {
  const server = openServer();
  const [alice, bob] = await server.builders.people(2);
  if (alice === undefined || bob === undefined) throw new Error('There must be two people.');
  const group = await server.builders.group(alice, [bob]);
  return { server, alice, bob, group };
}

describe.each(['binary', 'json'] as const)('a client over %s', (codec) => {
  it('[SEND-1] a message is acknowledged and arrives at the other device', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice, { codec });
    const other = await liveDeviceOf(server, bob, { codec, seed: 2 });
    await one.send(group, { text: 'Hello' });
    await server.clock.advance(10);
    expect(one.store.getSnapshot().outbox).toEqual([]);
    expect(textsOf(one, group)).toEqual(['Hello']);
    expect(textsOf(other, group)).toEqual(['Hello']);
    expect(other.store.getSnapshot().conversations[group]?.resource).toMatchObject({ unread_count: 1 });
  });

  it('[RCPT-2] the tick of a sent message goes from sent to delivered to read', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice, { codec });
    const other = await liveDeviceOf(server, bob, { codec, seed: 2 });
    await one.send(group, { text: 'Hello' });
    await server.clock.advance(10);
    const ticks: string[] = [];
    const look = () => {
      const state = one.store.getSnapshot();
      const last = state.conversations[group]?.resource.last_message;
      if (last) ticks.push(tickOf(state, last));
    };
    look();
    await server.clock.advance(1_000);
    look();
    other.markRead(group);
    expect(other.store.getSnapshot().conversations[group]?.readMark).not.toBeNull();
    await server.clock.advance(1_000);
    look();
    expect(ticks).toEqual(['sent', 'delivered', 'read']);
    expect(other.store.getSnapshot().conversations[group]).toMatchObject({
      readMark: null,
      resource: { unread_count: 0 },
    });
  });
});

describe('a client', () => {
  it('[RCPT-1] a message that the list was asked for is not told as delivered before the log has brought it', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    await one.send(group, { text: 'first' });
    await server.clock.advance(1_000);
    const first = other.store.getSnapshot().conversations[group]?.resource.head_seq ?? 0;
    server.faults = { ...server.faults, losesEvent: () => true };
    await one.send(group, { text: 'second' });
    await server.clock.advance(10);
    server.faults = { ...server.faults, losesEvent: () => false };
    await other.delete(group, first, 'me');
    await server.clock.advance(1_000);
    const toldUpTo = () => server.taken.flatMap((said) => (said.type === 'delivery_receipt' ? [said.up_to] : []));
    expect(toldUpTo()).toEqual([first]);
    await one.send(group, { text: 'third' });
    await server.clock.advance(1_000);
    expect(textsOf(other, group)).toEqual(['second', 'third']);
    expect(toldUpTo()).toEqual([first, first + 2]);
  });

  it('[SEND-11] a reply shows that what was there has been read, without a receipt', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    server.faults = { ...server.faults, losesEvent: () => false };
    await one.send(group, { text: 'Question' });
    await server.clock.advance(1);
    await other.send(group, { text: 'Answer' });
    await server.clock.advance(1);
    const state = one.store.getSnapshot();
    const question = state.conversations[group]?.timeline.items.find((item) => item.kind === 'message');
    expect(question?.kind === 'message' && tickOf(state, question.message)).toBe('read');
  });

  it('[RCPT-4] who hides own reading sees no tick of reading, not even from an answer, until that changes', async () => {
    const server = openServer();
    const alice = await server.builders.person({ privacy: { last_seen: 'everyone', read_receipts: false } });
    const bob = await server.builders.person();
    const group = await server.builders.group(alice, [bob]);
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    await one.send(group, { text: 'Question' });
    await server.clock.advance(1_000);
    await other.send(group, { text: 'Answer' });
    await server.clock.advance(1_000);
    const tick = () => {
      const state = one.store.getSnapshot();
      const question = state.conversations[group]?.timeline.items.find((item) => item.kind === 'message');
      return question?.kind === 'message' && tickOf(state, question.message);
    };
    expect(tick()).toBe('delivered');
    await server.stores.accountStore.update(alice.userId, { privacy: { read_receipts: true } });
    await server.clock.advance(1_000);
    expect(tick()).toBe('read');
  });

  it('[SEND-10] messages of one device arrive in the order in which they were written', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    await Promise.all(texts.map((text) => one.send(group, { text })));
    await server.clock.advance(100);
    expect(textsOf(one, group)).toEqual(texts);
    expect(textsOf(other, group)).toEqual(texts);
  });

  it('[SEND-4] an acknowledgement that was lost is asked for again with the same key', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    let cuts = 1;
    server.faults = { ...server.faults, cutsBeforeAnswer: () => cuts-- > 0 };
    await one.send(group, { text: 'Once' });
    await server.clock.advance(5_000);
    expect(one.store.getSnapshot()).toMatchObject({ status: { kind: 'live' }, outbox: [] });
    expect(textsOf(one, group)).toEqual(['Once']);
    expect(textsOf(other, group)).toEqual(['Once']);
  });

  it('[SEND-12] a write that is refused for the moment goes out later, and its successors after it', async () => {
    const { server, alice, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    let refusals = 3;
    server.faults = { ...server.faults, refuses: () => (refusals-- > 0 ? 'RATE_LIMITED' : undefined) };
    await one.send(group, { text: 'first' });
    await one.send(group, { text: 'second' });
    await server.clock.advance(1);
    expect(one.store.getSnapshot().outbox.map(({ state }) => state.kind)).toEqual(['pending', 'pending']);
    expect(one.store.getSnapshot().outbox[0]?.state).toMatchObject({ delay: { code: 'RATE_LIMITED' } });
    await server.clock.advance(2_000);
    expect(textsOf(one, group)).toEqual(['first', 'second']);
    expect(one.store.getSnapshot().outbox).toEqual([]);
  });

  it('[SEND-12] … also when the clock of the device is set back an hour meanwhile', async () => {
    const { server, alice, group } = await pair();
    const plain = server.environment(1);
    let backMs = 0;
    const one = await liveDeviceOf(server, alice, { environment: { ...plain, now: () => plain.now() - backMs } });
    let refusals = 1;
    server.faults = { ...server.faults, refuses: () => (refusals-- > 0 ? 'RATE_LIMITED' : undefined) };
    await one.send(group, { text: 'first' });
    await server.clock.advance(1);
    expect(one.store.getSnapshot().outbox[0]?.state).toMatchObject({ delay: { code: 'RATE_LIMITED' } });
    backMs = 3_600_000;
    await server.clock.advance(10_000);
    expect(one.store.getSnapshot().outbox).toEqual([]);
    expect(textsOf(one, group)).toEqual(['first']);
  });

  it('[SEND-6] a refused write stays visible with its reason until the user retries or discards it', async () => {
    const { server, alice, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    server.faults = { ...server.faults, refuses: () => 'FORBIDDEN' };
    const { clientMsgId } = await one.send(group, { text: 'May I?' });
    const other = await one.send(group, { text: 'Or I?' });
    await server.clock.advance(1_000);
    expect(one.store.getSnapshot().outbox.map(({ state }) => state)).toMatchObject([
      { kind: 'failed', code: 'FORBIDDEN' },
      { kind: 'failed', code: 'FORBIDDEN' },
    ]);
    server.faults = { ...server.faults, refuses: () => undefined };
    await one.retry(clientMsgId);
    await one.discard(other.clientMsgId);
    await server.clock.advance(1_000);
    expect(one.store.getSnapshot().outbox).toEqual([]);
    expect(textsOf(one, group)).toEqual(['May I?']);
  });

  it('[S8] what is written without a connection waits on the device, survives a restart and is sent once', async () => {
    const { server, alice, bob, group } = await pair();
    const storages = { outbox: new MemoryOutboxStorage(), storage: new MemoryStateStorage() };
    const before = await liveDeviceOf(server, alice, storages);
    await server.clock.advance(1_000);
    server.isDown = true;
    server.cutAll();
    await server.clock.advance(10);
    await before.send(group, { text: 'Later' });
    await server.clock.advance(60_000);
    await before.close();

    const after = await deviceOf(server, alice, { ...storages, seed: 3 });
    expect(textsOf(after, group)).toEqual(['Later']);
    server.isDown = false;
    after.connect();
    await server.clock.advance(1_000);
    expect(textsOf(after, group)).toEqual(['Later']);
    expect(after.store.getSnapshot().outbox).toEqual([]);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    await other.openConversation(group);
    expect(textsOf(other, group)).toEqual(['Later']);
  });

  it('[CONN-9] a cut line is opened again, however often, and nothing of the meantime is missed', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    for (let round = 0; round < 20; round += 1) {
      server.cutAll();
      await one.send(group, { text: `round ${round}` });
      await server.clock.advance(round * 50);
    }
    await server.clock.advance(60_000);
    const texts = Array.from({ length: 20 }, (_, round) => `round ${round}`);
    expect(textsOf(one, group)).toEqual(texts);
    expect(textsOf(other, group)).toEqual(texts);
  });

  it('[CONN-4] an expired token is refreshed and the connection comes back', async () => {
    const { server, alice } = await pair();
    const one = await liveDeviceOf(server, alice);
    server.expireTokens();
    server.cutAll();
    await server.clock.advance(10_000);
    expect(one.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('[CONN-7] a device that was logged out stops and does not come back by itself', async () => {
    const { server, alice } = await pair();
    const one = await liveDeviceOf(server, alice);
    server.cutAll(CLOSE.DEVICE_REVOKED.code);
    await server.clock.advance(120_000);
    expect(one.store.getSnapshot().status).toEqual({ kind: 'stopped', reason: 'DEVICE_REVOKED' });
    expect(server.peers.size).toBe(0);
  });

  it('[SYNC-3] an event that was lost is read from the log as soon as a later one shows the gap', async () => {
    const { server, alice, bob, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    const other = await liveDeviceOf(server, bob, { seed: 2 });
    let losses = 1;
    server.faults = { ...server.faults, losesEvent: () => losses-- > 0 };
    await one.send(group, { text: 'lost' });
    await server.clock.advance(10);
    expect(textsOf(other, group)).toEqual([]);
    await one.send(group, { text: 'seen' });
    await server.clock.advance(10);
    expect(textsOf(other, group)).toEqual(['lost', 'seen']);
    expect(other.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('[SYNC-11] a channel that is not open shows what is unread while the connection lasts, and at once to who looks again', async () => {
    const { server, alice, bob } = await pair();
    const channel = await server.builders.channel(alice, [bob]);
    const one = await liveDeviceOf(server, bob);
    const unread = () => one.store.getSnapshot().conversations[channel]?.resource.unread_count;
    await server.builders.send(alice, channel, 'first');
    await server.clock.advance(1_000);
    expect(unread()).toBe(0);
    await server.clock.advance(75_000);
    expect(unread()).toBe(1);
    await server.clock.advance(10_000);
    await server.builders.send(alice, channel, 'second');
    one.lookedAt();
    await server.clock.advance(10);
    expect(unread()).toBe(2);
  });

  it('[SYNC-6] a device that is far behind gets the present state and reads the newest page of what is open', async () => {
    const { server, alice, bob, group } = await pair();
    const other = await liveDeviceOf(server, bob);
    await other.openConversation(group);
    other.disconnect();
    server.replayMax = 5;
    for (let index = 0; index < 20; index += 1) await server.builders.send(alice, group, `message ${index}`);
    other.connect();
    await server.clock.advance(1_000);
    expect(textsOf(other, group)).toEqual(Array.from({ length: 20 }, (_, index) => `message ${index}`));
  });

  it('[SYNC-7] a server that was restored from a backup makes the device start anew, and what waits is sent', async () => {
    const { server, alice, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    one.disconnect();
    await one.send(group, { text: 'waiting' });
    server.epoch = 'second';
    one.connect();
    await server.clock.advance(1_000);
    expect(one.store.getSnapshot()).toMatchObject({ epoch: 'second', outbox: [], status: { kind: 'live' } });
    expect(textsOf(one, group)).toEqual(['waiting']);
  });

  it('[SEND-9] a forwarded message is shown as the server wrote it', async () => {
    const { server, alice, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    await one.send(group, { text: 'News' });
    await server.clock.advance(10);
    const seq = one.store.getSnapshot().conversations[group]?.resource.head_seq ?? 0;
    await one.forward(group, { conversationId: group, seq });
    await server.clock.advance(1_000);
    expect(one.store.getSnapshot().outbox).toEqual([]);
    expect(one.store.getSnapshot().conversations[group]?.resource.last_message?.content).toMatchObject({
      text: 'News',
      forwarded_from: { seq },
    });
  });

  it('[DEL-2] "delete for me" hides the message on all devices of the user and nowhere else', async () => {
    const { server, alice, bob, group } = await pair();
    const phone = await liveDeviceOf(server, alice);
    const laptop = await liveDeviceOf(server, await server.builders.deviceOf(alice.userId), { seed: 2 });
    const other = await liveDeviceOf(server, bob, { seed: 3 });
    await other.send(group, { text: 'Hm' });
    await server.clock.advance(10);
    const seq = phone.store.getSnapshot().conversations[group]?.resource.head_seq ?? 0;
    await phone.delete(group, seq, 'me');
    await server.clock.advance(1_000);
    expect(phone.store.getSnapshot().outbox).toEqual([]);
    expect([textsOf(phone, group), textsOf(laptop, group), textsOf(other, group)]).toEqual([[], [], ['Hm']]);
  });

  it('[CONV-3] a message that was sent and erased while the device was away still moves its conversation up', async () => {
    const { server, alice, bob, group } = await pair();
    const second = await server.builders.group(alice, [bob]);
    const one = await liveDeviceOf(server, alice);
    one.disconnect();
    const sent = await server.builders.send(bob, group, 'Oops');
    await server.builders.appended(server.builders.deletion(bob, group, sent.seq));
    one.connect();
    await server.clock.advance(1_000);
    const list = conversationList(one.store.getSnapshot().conversations);
    expect(list.map(({ resource }) => resource.conversation_id)).toEqual([group, second]);
    expect(list[0]?.resource).toMatchObject({ last_activity_at: sent.created_at, last_message: { content: null } });
  });

  it('[CONN-6] a line that died without a word is noticed', async () => {
    const { server, alice } = await pair();
    const one = await liveDeviceOf(server, alice);
    for (const peer of server.peers) peer.answer = () => undefined;
    await server.clock.advance(100_000);
    expect(one.store.getSnapshot().status).toMatchObject({ kind: 'live' });
    expect(server.peers.size).toBe(1);
  });

  it.each([0.01, 0.5, 0.99])(
    '[CONN-6] … within two intervals, wherever in its beat (%d of an interval) it died',
    async (part) => {
      const { server, alice } = await pair();
      const environment = { ...server.environment(1), random: () => part };
      const one = await liveDeviceOf(server, alice, { environment });
      const [dead] = server.peers;
      if (dead === undefined) throw new Error('The device must be connected.');
      dead.answer = () => undefined;
      await server.clock.advance(60_000);
      expect([...server.peers]).not.toContain(dead);
      expect(one.store.getSnapshot().status).toMatchObject({ kind: 'live' });
    },
  );

  it('refuses content that no server accepts, and queues nothing', async () => {
    const { server, alice, group } = await pair();
    const one = await liveDeviceOf(server, alice);
    expect(() => one.send(group, { text: '   ' })).toThrow(RangeError);
    expect(one.store.getSnapshot().outbox).toEqual([]);
  });

  it('keeps no token in the row of a write that waits, neither shown nor stored', async () => {
    const { server, alice, group } = await pair();
    const outbox = new MemoryOutboxStorage();
    const one = await deviceOf(server, alice, { outbox });
    await one.send(group, { text: 'Hello' });
    expect(JSON.stringify([await outbox.list(), one.store.getSnapshot().outbox])).not.toMatch(/token|refresh/i);
  });

  it('cleans rows in which an earlier version kept its tokens, its own and those of others', async () => {
    const { server, alice, bob, group } = await pair();
    const outbox = new MemoryOutboxStorage();
    const row = await (await deviceOf(server, alice)).send(group, { text: 'Hello' });
    const tokens = { accessToken: 'secret', refreshToken: 'secret', obtainedAt: 1 };
    const ofBob = { ...row, clientMsgId: 'of bob', userId: bob.userId };
    await outbox.put({ ...row, ...tokens });
    await outbox.put({ ...ofBob, ...tokens });
    const one = await deviceOf(server, alice, { outbox });
    expect(await outbox.list()).toEqual([row, ofBob]);
    expect(one.store.getSnapshot().outbox).toMatchObject([{ clientMsgId: row.clientMsgId }]);
    expect(JSON.stringify(one.store.getSnapshot().outbox)).not.toContain('secret');
  });
});
