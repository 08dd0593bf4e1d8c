import { isDeepStrictEqual } from 'node:util';
import { type ConversationId, ROUTES } from '@parley/protocol';
import { SeededRandom } from '@parley/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../src/client.ts';
import { tickOf, timeline, unreadOf } from '../src/store/selectors.ts';
import type { ClientState } from '../src/store/state.ts';
import { textsOf } from './devices.ts';
import { isLive, quick, RealServer, until } from './real-server.ts';
import { shown } from './shown.ts';

let server = new RealServer();
afterEach(() => server.close());

async function start(settings: ConstructorParameters<typeof RealServer>[0] = {}): Promise<void> {
  server = new RealServer(settings);
  await server.start();
}

const has = (id: ConversationId, count: number) => (state: ClientState) =>
  (timeline(state, id)?.items.filter(({ kind }) => kind === 'message').length ?? 0) >= count &&
  state.outbox.length === 0;
const hasStored = (id: ConversationId, count: number) => (state: ClientState) =>
  (state.conversations[id]?.resource.message_count ?? 0) >= count;
/** Counts how often a client loses its connection. */
function lossesOf(client: Client): () => number {
  let losses = 0;
  client.store.subscribe((event) => {
    if (event.type === 'status_changed' && event.status.kind === 'waiting') losses += 1;
  });
  return () => losses;
}
const meOf = (client: Client) => {
  const { me } = client.store.getSnapshot();
  if (me === null) throw new Error('The client must be logged in.');
  return me.user_id;
};

describe.each(['binary', 'json'] as const)('clients and a real server over %s', (codec) => {
  it('[SEND-1] two users with several devices see the same conversation', async () => {
    await start();
    const alice = await server.join('alice', { codec });
    const bob = await server.join('bob', { codec });
    const laptop = await server.login('bob', { codec });
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    await until(bob, (state) => state.conversations[id] !== undefined);
    await until(laptop, (state) => state.conversations[id] !== undefined);
    await alice.send(id, { text: 'Hello' });
    await until(bob, has(id, 1));
    await bob.send(id, { text: 'Hi' });
    for (const client of [alice, bob, laptop]) await until(client, has(id, 2));
    for (const client of [alice, bob, laptop]) expect(textsOf(client, id)).toEqual(['Hello', 'Hi']);
  });

  it('[RCPT-2] ticks, reading on one device, editing, reacting and deleting arrive everywhere', async () => {
    await start();
    const alice = await server.join('alice', { codec });
    const bob = await server.join('bob', { codec });
    const laptop = await server.login('bob', { codec });
    const { conversation_id: id } = await alice.createGroup('Friends', [meOf(bob)]);
    await until(laptop, (state) => state.conversations[id] !== undefined);
    await alice.send(id, { text: 'Helo' });
    const last = (state: ClientState) => state.conversations[id]?.resource.last_message ?? undefined;
    const tick = (state: ClientState) => {
      const message = last(state);
      return message && tickOf(state, message);
    };
    await until(alice, (state) => tick(state) === 'delivered');
    await until(bob, has(id, 1));
    bob.markRead(id);
    await until(alice, (state) => tick(state) === 'read');
    const unread = (state: ClientState) => {
      const held = state.conversations[id];
      return held === undefined ? -1 : unreadOf(held);
    };
    await until(laptop, (state) => unread(state) === 0 && last(state) !== undefined);

    const seq = last(alice.store.getSnapshot())?.seq ?? 0;
    await alice.edit(id, seq, { text: 'Hello' });
    await until(laptop, (state) => last(state)?.content?.text === 'Hello');
    await laptop.react(id, seq, '👍', 'added');
    await until(alice, (state) => last(state)?.reactions[0]?.count === 1);
    await alice.delete(id, seq, 'everyone');
    for (const client of [alice, bob, laptop]) await until(client, (state) => last(state)?.content === null);
  });
});

describe('clients and a real server', () => {
  it('[CONN-9] lines that are cut all the time neither lose, double nor move a message', async () => {
    await start();
    const alice = await server.join('alice');
    const bob = await server.join('bob');
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    await until(bob, (state) => state.conversations[id] !== undefined);
    const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    const random = new SeededRandom(1);
    const losses = lossesOf(alice);
    for (const [index, text] of texts.entries()) {
      await alice.send(id, { text });
      if (random.below(4) === 0) server.cutAll();
      // Lets the line work, so that cuts meet commands and answers that are under way.
      if (index % 3 === 2) await until(alice, hasStored(id, index - 1));
    }
    for (const client of [alice, bob]) await until(client, (state) => has(id, 60)(state) && isLive(state));
    expect(losses()).toBeGreaterThan(5);
    expect([textsOf(alice, id), textsOf(bob, id)]).toEqual([texts, texts]);
  }, 30_000);

  it('[SYNC-3] a broker that loses events delays, and loses nothing', async () => {
    await start();
    const alice = await server.join('alice');
    const bob = await server.join('bob');
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    await until(bob, (state) => state.conversations[id] !== undefined);
    const random = new SeededRandom(2);
    server.losesEvent = () => random.below(2) === 0;
    const texts = Array.from({ length: 30 }, (_, index) => `message ${index}`);
    for (const text of texts.slice(0, -1)) await alice.send(id, { text });
    await until(alice, has(id, 29));
    server.losesEvent = () => false;
    await alice.send(id, { text: 'message 29' });
    await until(bob, has(id, 30));
    expect(textsOf(bob, id)).toEqual(texts);
  });

  it('[S8] what is written while the server is away is sent once when it is back', async () => {
    await start();
    const alice = await server.join('alice');
    const bob = await server.join('bob');
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    await until(bob, (state) => state.conversations[id] !== undefined);
    await server.stop();
    await until(alice, (state) => state.status.kind === 'waiting');
    await alice.send(id, { text: 'first' });
    await bob.send(id, { text: 'from the other side' });
    await alice.send(id, { text: 'second' });
    expect(alice.store.getSnapshot().outbox).toHaveLength(2);
    await server.start();
    for (const client of [alice, bob]) await until(client, has(id, 3));
    const texts = textsOf(alice, id);
    expect(texts.filter((text) => text !== 'from the other side')).toEqual(['first', 'second']);
    expect(textsOf(bob, id)).toEqual(texts);
  }, 30_000);

  it('[CONN-4] goes on when its tokens end all the time', async () => {
    await start({ accessTokenTtlMs: 100 });
    let refreshes = 0;
    const counting = quick({
      fetch: (url, init) => {
        if (url.endsWith(ROUTES.refresh.path)) refreshes += 1;
        return fetch(url, init);
      },
    });
    const alice = await server.join('alice', { environment: counting });
    const bob = await server.join('bob');
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    for (let round = 0; round < 5; round += 1) {
      // Until the token has ended: then a call finds it so.
      for (const before = refreshes; refreshes === before; ) await alice.api.call(ROUTES.getMe, {});
      server.cutAll();
      await alice.send(id, { text: `round ${round}` });
      await until(alice, has(id, round + 1));
    }
    expect(refreshes).toBeGreaterThanOrEqual(5);
    expect(textsOf(alice, id)).toEqual(Array.from({ length: 5 }, (_, round) => `round ${round}`));
  }, 30_000);

  it('[POLL-1] works by long polling alone', async () => {
    await start();
    const blocked = quick({
      createSocket: (_url, _protocol, listener) => {
        queueMicrotask(() => listener.onClosed(1006));
        return { send: () => undefined, close: () => undefined };
      },
    });
    const alice = await server.join('alice', { environment: blocked });
    expect(alice.store.getSnapshot().status).toEqual({ kind: 'live', transport: 'long_poll' });
    const bob = await server.join('bob', { environment: blocked });
    const { conversation_id: id } = await alice.createDirect(meOf(bob));
    await until(bob, (state) => state.conversations[id] !== undefined);
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    for (const text of texts) await alice.send(id, { text });
    await until(alice, has(id, 20));
    await until(bob, has(id, 20));
    expect([textsOf(alice, id), textsOf(bob, id)]).toEqual([texts, texts]);
  }, 30_000);

  it('[SYNC-11] a channel is live while it is open, and right when it is opened again', async () => {
    await start();
    const alice = await server.join('alice');
    const bob = await server.join('bob');
    const { conversation_id: id } = await alice.createChannel('News', 'public');
    await bob.joinChannel(id);
    await bob.openConversation(id);
    await alice.openConversation(id);
    await alice.send(id, { text: 'first' });
    await until(bob, has(id, 1));
    bob.closeConversation(id);
    await alice.send(id, { text: 'second' });
    await until(alice, has(id, 2));
    await bob.openConversation(id);
    await until(bob, has(id, 2));
    expect(textsOf(bob, id)).toEqual(['first', 'second']);
  });

  it('[CONN-7] a device that is logged out from another stops, and the other goes on', async () => {
    await start();
    const phone = await server.join('alice');
    const laptop = await server.login('alice');
    const deviceId = await phone.deviceId();
    if (deviceId === undefined) throw new Error('The phone must have a device id.');
    await laptop.api.call(ROUTES.revokeDevice, { params: { device_id: deviceId } });
    await until(phone, (state) => state.status.kind === 'stopped');
    expect(isLive(laptop.store.getSnapshot())).toBe(true);
  });

  it('[BOX-1] a payload for a device is handled once and then gone from the server', async () => {
    await start();
    const alice = await server.join('alice');
    const bob = await server.join('bob');
    await alice.createDirect(meOf(bob));
    const device_id = await bob.deviceId();
    if (device_id === undefined) throw new Error('Bob must have a device id.');
    const handled: string[] = [];
    const done = new Promise<void>((resolve) => {
      bob.onMailbox(async ({ payload }) => {
        handled.push(payload);
        if (handled.length === 2) resolve();
      });
    });
    for (const payload of ['AAAA', 'BBBB']) {
      const items = [{ user_id: meOf(bob), device_id, payload }];
      await alice.api.call(ROUTES.sendToDevices, { body: { client_msg_id: crypto.randomUUID(), items } });
    }
    await done;
    expect(handled).toEqual(['AAAA', 'BBBB']);
  });

  it.each([11, 12, 13, 14])(
    '[S-CONVERGE] after cuts and lost events every device shows what a new one shows (seed %i)',
    async (seed) => {
      await start();
      const random = new SeededRandom(seed);
      const devices = [await server.join('alice'), await server.join('bob'), await server.login('bob')];
      const [alice, bob] = devices;
      if (alice === undefined || bob === undefined) throw new Error('There must be two people.');
      const { conversation_id: id } = await alice.createGroup('Friends', [meOf(bob)]);
      for (const device of devices) {
        await until(device, (state) => state.conversations[id] !== undefined);
        await device.openConversation(id);
      }
      const losses = lossesOf(alice);
      server.losesEvent = () => random.below(5) === 0;
      for (let step = 0; step < 120; step += 1) {
        const device = devices[random.below(3)] ?? alice;
        await act(device, id, random, step);
        // Lets the line work, now and then: some writes meet each other, others meet a cut.
        if (random.below(2) === 0) await until(device, isWritten);
      }
      // Live as well: an HTTP request right after the last cut could still leave on one of the lines that were cut.
      for (const device of devices) await until(device, (state) => isWritten(state) && isLive(state));
      server.losesEvent = () => false;
      const { entries } = await server.stores.messageLog.readAfter(id, 0, 1_000);
      const kinds = new Set(entries.map(({ type }) => type));
      for (const kind of ['message_edited', 'reaction', 'message_deleted'] as const) expect(kinds).toContain(kind);
      expect(losses()).toBeGreaterThan(2);
      for (const username of ['alice', 'bob']) {
        const fresh = await server.login(username);
        await fresh.openConversation(id);
        while (timeline(fresh.store.getSnapshot(), id)?.isAtStart === false) await fresh.loadOlder(id);
        for (const device of devices.filter((one) => meOf(one) === meOf(fresh))) {
          // What was lost last is seen by the connection that follows.
          device.disconnect();
          device.connect();
          while (timeline(device.store.getSnapshot(), id)?.isAtStart === false) await device.loadOlder(id);
          await until(device, () => isDeepStrictEqual(shown(device, id), shown(fresh, id)));
        }
      }
    },
    30_000,
  );
});

/** Nothing waits any more; what the server refused for good stays. */
const isWritten = (state: ClientState): boolean => state.outbox.every((row) => row.state.kind === 'failed');

/** One random thing that a person does, or a cut of all lines. */
async function act(client: Client, id: ConversationId, random: SeededRandom, step: number): Promise<void> {
  const items = timeline(client.store.getSnapshot(), id)?.items ?? [];
  const messages = items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
  const target = messages[random.below(messages.length || 1)];
  const isMine = target?.sender_id === meOf(client);
  const dice = random.below(10);
  if (dice < 5 || target === undefined) await client.send(id, { text: `step ${step}` });
  else if (dice === 5 && isMine) await client.edit(id, target.seq, { text: `edit ${step}` });
  else if (dice === 6) await client.react(id, target.seq, '👍', random.below(2) === 0 ? 'added' : 'removed');
  else if (dice === 7) await client.delete(id, target.seq, isMine && random.below(2) === 0 ? 'everyone' : 'me');
  else if (dice === 8) client.markRead(id, target.seq);
  else server.cutAll();
}
