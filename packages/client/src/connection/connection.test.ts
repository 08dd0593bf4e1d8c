import { describe, expect, it } from 'vitest';
import { deviceOf, liveDeviceOf, openServer, textsOf } from '../../test/devices.ts';
import { backOffMs } from './back-off.ts';

async function pair() {
  const server = openServer();
  const [alice, bob] = await server.builders.people(2);
  if (alice === undefined || bob === undefined) throw new Error('There must be two people.');
  return { server, alice, bob, group: await server.builders.group(alice, [bob]) };
}

describe('a connection', () => {
  it('[CONN-9] waits between 0 and 1, 2, 4 … 30 s', () => {
    const longest = Array.from({ length: 8 }, (_, attempt) => backOffMs(attempt, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(backOffMs(5, 0)).toBe(0);
    expect(backOffMs(100_000, 1)).toBe(30_000);
  });

  it('[CONN-9] goes on trying for days', async () => {
    const { server, alice } = await pair();
    server.isDown = true;
    const client = await deviceOf(server, alice);
    client.connect();
    await server.clock.advance(3 * 3_600_000);
    expect(client.store.getSnapshot().status.kind).toBe('waiting');
    server.isDown = false;
    await server.clock.advance(31_000);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('[CONN-8] comes back after the time that a stopping server names', async () => {
    const { server, alice } = await pair();
    const client = await liveDeviceOf(server, alice);
    for (const peer of server.peers) peer.answer({ type: 'closing', reconnect_after_ms: 4_321 });
    const closedAt = server.clock.now();
    server.cutAll(4000);
    await server.clock.advance(0);
    expect(client.store.getSnapshot().status).toMatchObject({
      kind: 'waiting',
      untilMs: closedAt + 4_321,
      reason: 'SERVER_STOPPING',
    });
  });

  it('[CONN-13] comes back after the time that a server names to a user who connects too often, again and again', async () => {
    const { server, alice } = await pair();
    let refusals = 5;
    server.faults = { ...server.faults, refusesConnection: () => (refusals-- > 0 ? 42_000 : undefined) };
    const client = await deviceOf(server, alice);
    client.connect();
    await server.clock.advance(0);
    expect(client.store.getSnapshot().status).toMatchObject({
      kind: 'waiting',
      untilMs: server.clock.now() + 42_000,
      reason: 'TOO_MANY_RECONNECTS',
    });
    await server.clock.advance(5 * 42_000 - 1);
    expect(server.taken).toHaveLength(5);
    await server.clock.advance(1);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'live', transport: 'websocket' });
  });

  it('[CONN-13] waits as told when it polls, and goes on polling', async () => {
    const { server, alice } = await pair();
    server.blocksWebSockets = true;
    let refusals = 3;
    server.polls.refusesSession = () => (refusals-- > 0 ? 42_000 : undefined);
    const client = await deviceOf(server, alice);
    client.connect();
    await server.clock.advance(30_000);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'waiting', reason: 'TOO_MANY_RECONNECTS' });
    await server.clock.advance(3 * 42_000);
    expect(client.store.getSnapshot().status).toEqual({ kind: 'live', transport: 'long_poll' });
  });

  it('[POLL-1] falls back to long polling where WebSockets are blocked, and back when they are not', async () => {
    const { server, alice, bob, group } = await pair();
    server.blocksWebSockets = true;
    const client = await deviceOf(server, alice);
    client.connect();
    await server.clock.advance(60_000);
    expect(client.store.getSnapshot().status).toEqual({ kind: 'live', transport: 'long_poll' });
    const other = await deviceOf(server, bob, { seed: 2 });
    other.connect();
    await server.clock.advance(60_000);
    const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const text of texts) await client.send(group, { text });
    await server.clock.advance(1_000);
    expect([textsOf(client, group), textsOf(other, group)]).toEqual([texts, texts]);

    server.blocksWebSockets = false;
    await server.clock.advance(400_000);
    expect(client.store.getSnapshot().status).toEqual({ kind: 'live', transport: 'websocket' });
  });

  it('[POLL-2] lost answers of polls and commands neither lose nor double a message', async () => {
    const { server, alice, bob, group } = await pair();
    server.blocksWebSockets = true;
    const client = await deviceOf(server, alice);
    const other = await deviceOf(server, bob, { seed: 2 });
    client.connect();
    other.connect();
    await server.clock.advance(60_000);
    let answers = 0;
    server.polls.losesAnswer = () => {
      answers += 1;
      return answers % 5 === 0;
    };
    const texts = Array.from({ length: 15 }, (_, index) => `message ${index}`);
    for (const text of texts) {
      await client.send(group, { text });
      await server.clock.advance(500);
    }
    await server.clock.advance(120_000);
    server.polls.losesAnswer = () => false;
    await server.clock.advance(300_000);
    expect(client.store.getSnapshot().outbox).toEqual([]);
    expect([textsOf(client, group), textsOf(other, group)]).toEqual([texts, texts]);
  });

  it('[CONN-5] renews its token before the end and stays connected', async () => {
    const { server, alice } = await pair();
    const client = await liveDeviceOf(server, alice);
    const [peer] = server.peers;
    await server.clock.advance(1_800_000);
    expect(server.taken.filter(({ type }) => type === 'authenticate').length).toBeGreaterThan(2);
    expect([...server.peers]).toEqual([peer]);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('[SYNC-9] tells more than 1,000 positions in several frames', async () => {
    const { server, alice, bob } = await pair();
    const client = await liveDeviceOf(server, alice);
    for (let made = 0; made < 1_005; made += 1) await server.builders.group(alice, [bob]);
    await server.clock.advance(1_000);
    const before = server.taken.length;
    server.cutAll();
    await server.clock.advance(10_000);
    const syncs = server.taken.slice(before).flatMap((command) => (command.type === 'sync' ? [command] : []));
    expect(syncs.map(({ positions, more }) => [positions.length, more])).toEqual([
      [1_000, true],
      [6, undefined],
    ]);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('a device that comes back online does not wait any longer', async () => {
    const { server, alice } = await pair();
    const client = await liveDeviceOf(server, alice);
    server.isDown = true;
    server.cutAll();
    await server.clock.advance(100_000);
    server.isDown = false;
    client.networkChanged(true);
    await server.clock.advance(0);
    expect(client.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });
});
