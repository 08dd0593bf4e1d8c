import { request } from 'node:http';
import type { BrokerEvent, Topic } from '@parley/core';
import { MemoryBroker } from '@parley/memory';
import { CLOSE, jsonCodec, LIMITS, SUBPROTOCOLS } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

/** The HTTP status of an upgrade request. */
function upgradeStatus(headers: Record<string, string>, path = '/api/v1/ws'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: node.port,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asked.on('response', (response) => resolve(response.resume().statusCode));
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
const OFFERED = { 'Sec-WebSocket-Protocol': SUBPROTOCOLS.json };

describe('upgrade', () => {
  it('[FRAME-1] a request that offers no known subprotocol gets 400, one that offers both gets the binary one', async () => {
    expect(await upgradeStatus({})).toBe(400);
    expect(await upgradeStatus({ 'Sec-WebSocket-Protocol': 'chat, parley.v0' })).toBe(400);
    const socket = new WebSocket(node.url, [SUBPROTOCOLS.json, SUBPROTOCOLS.binary]);
    await new Promise((resolve) => socket.on('open', resolve));
    expect(socket.protocol).toBe(SUBPROTOCOLS.binary);
    socket.terminate();
  });

  it('a request that does not follow RFC 6455 gets a status that says so', async () => {
    expect(await upgradeStatus({ ...OFFERED, 'Sec-WebSocket-Version': '8' })).toBe(426);
    expect(await upgradeStatus({ ...OFFERED, 'Sec-WebSocket-Key': 'short' })).toBe(400);
    expect(await upgradeStatus({ ...OFFERED, Upgrade: 'h2c' })).toBe(400);
    expect(await upgradeStatus({ ...OFFERED, Upgrade: 'WebSocket' })).toBe(101);
  });

  it('[FRAME-6] compression is offered by the client and not negotiated', async () => {
    const client = await TestClient.connect(node, jsonCodec, { perMessageDeflate: true });
    expect(client.socket.extensions).toBe('');
  });

  it("[CONN-10] a browser's page of this server or of the list may connect, others get 403, and clients without origin are no browsers", async () => {
    const host = `127.0.0.1:${node.port}`;
    expect(await upgradeStatus(OFFERED)).toBe(101);
    expect(await upgradeStatus({ ...OFFERED, Origin: `http://${host}` })).toBe(101);
    for (const origin of ['https://evil.example', `https://evil.example#${host}`, 'null', `ftp://${host}`])
      expect(await upgradeStatus({ ...OFFERED, Origin: origin })).toBe(403);
    const listed = await startNode({ gateway: { allowedOrigins: ['https://chat.example'] } });
    const client = await TestClient.connect(listed, jsonCodec, { origin: 'https://chat.example' });
    await client.cut();
    await listed.close();
  });

  it('another path is not a WebSocket, and a full server answers 503', async () => {
    expect(await upgradeStatus(OFFERED, '/api/v1/elsewhere')).toBe(404);
    const full = await startNode({ gateway: { strangersMax: 1 } });
    const first = await TestClient.connect(full);
    const second = new WebSocket(full.url, SUBPROTOCOLS.json);
    const status = await new Promise((resolve) =>
      second.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
    );
    expect(status).toBe(503);
    expect(full.gateway.stats()).toMatchObject({ upgradesRefused: 1, strangers: 1 });
    await first.cut();
    await full.close();
  });
});

describe.each(CODECS)('connecting with $name', (codec) => {
  it('[CONN-1] the server speaks first and says its limits', async () => {
    const client = new TestClient(node, codec);
    expect(await client.next('hello')).toMatchObject({
      protocol: 1,
      server_version: '1.2.3',
      heartbeat_interval_ms: 30_000,
      authentication_timeout_ms: 10_000,
      frame_bytes_max: LIMITS.frameBytesMax,
    });
  });

  it('[CONN-2] until the token was accepted every other command is refused and nothing of it is done', async () => {
    const ada = await node.build.person();
    const group = await node.build.group(ada);
    const client = await TestClient.connect(node, codec);
    expect(await client.say(group, 'too early')).toMatchObject({ type: 'error', code: 'NOT_AUTHENTICATED' });
    expect(await client.call({ type: 'ping' })).toMatchObject({ type: 'error', code: 'NOT_AUTHENTICATED' });
    expect(await client.authenticate(node, ada)).toMatchObject({
      type: 'authenticated',
      user_id: ada.userId,
      device_id: ada.deviceId,
    });
    expect(await client.call({ type: 'ping' })).toMatchObject({ type: 'pong' });
    expect((await node.core.messageLog.readAfter(group, 0, 10)).headSeq).toBe(1);
  });

  it('[CONN-2] a stranger may send 16 frames, not more, of whatever kind', async () => {
    const client = await TestClient.connect(node, codec);
    for (let sent = 0; sent < 2_000; sent += 1) client.post({ type: 'ping' });
    expect((await client.closed).code).toBe(CLOSE.BAD_FRAME.code);
    expect(client.of('error').every(({ code }) => code === 'NOT_AUTHENTICATED')).toBe(true);
    expect(node.gateway.stats().framesIn).toBe(16);
    const pinging = await TestClient.connect(node, codec);
    for (let sent = 0; sent < 17; sent += 1) pinging.socket.ping();
    expect((await pinging.closed).code).toBe(CLOSE.BAD_FRAME.code);
  });

  it('[CONN-3] the deadline is absolute: a stranger that keeps talking is closed all the same', async () => {
    const client = await TestClient.connect(node, codec);
    for (let second = 0; second < 9; second += 1) {
      await node.clock.advance(1_000);
      await client.call({ type: 'ping' });
    }
    await node.clock.advance(2_000);
    expect(await client.closed).toEqual({
      code: CLOSE.AUTHENTICATION_TIMEOUT.code,
      reason: CLOSE.AUTHENTICATION_TIMEOUT.reason,
    });
  });

  it('[CONN-4] a token that has expired or is not valid is refused by name, then the connection is closed', async () => {
    const ada = await node.build.person();
    const expired = await TestClient.connect(node, codec);
    expired.authenticate(node, ada, -1).catch(() => undefined);
    expect((await expired.closed).code).toBe(CLOSE.TOKEN_REJECTED.code);
    expect(expired.of('error')).toMatchObject([{ code: 'TOKEN_EXPIRED', re: 1 }]);
    const forged = await TestClient.connect(node, codec);
    forged.post({ type: 'authenticate', token: 'forged' });
    expect((await forged.closed).code).toBe(CLOSE.TOKEN_REJECTED.code);
    expect(forged.of('error')).toMatchObject([{ code: 'TOKEN_INVALID' }]);
  });

  it('[CONN-13] a user who connects too often is told when to come back, over all devices; renewing is no connecting', async () => {
    const limited = await startNode({ settings: { connectionsPerMinute: 2 } });
    try {
      const [ada, bob] = [await limited.build.person(), await limited.build.person()];
      const first = await TestClient.as(limited, ada, codec);
      for (let renewed = 0; renewed < 3; renewed += 1)
        expect(await first.authenticate(limited, ada)).toMatchObject({ type: 'authenticated' });
      await first.cut();
      await TestClient.as(limited, ada, codec);
      const third = await TestClient.connect(limited, codec);
      const refused = { type: 'error', re: 1, code: 'RATE_LIMITED', retry_after_ms: 60_000 };
      expect(await third.authenticate(limited, ada)).toMatchObject(refused);
      expect((await third.closed).code).toBe(CLOSE.TOO_MANY_RECONNECTS.code);
      expect(await limited.gateway.poll.open(ada, new AbortController().signal)).toMatchObject({
        kind: 'refused',
        code: 'RATE_LIMITED',
      });
      await TestClient.live(limited, bob, codec);
      await limited.clock.advance(60_000);
      await TestClient.live(limited, ada, codec);
    } finally {
      await limited.close();
    }
  });

  it('[CONN-5] a newer token of the same device keeps the connection, a token of another device ends it', async () => {
    const ada = await node.build.person();
    const client = await TestClient.as(node, ada, codec);
    for (let round = 0; round < 8; round += 1) {
      await node.clock.advance(50_000);
      await client.settle();
    }
    await client.authenticate(node, ada, 600_000);
    for (let round = 0; round < 8; round += 1) {
      await node.clock.advance(50_000);
      await client.settle();
    }
    const other = await node.build.deviceOf(ada.userId);
    client.authenticate(node, other).catch(() => undefined);
    expect((await client.closed).code).toBe(CLOSE.TOKEN_REJECTED.code);
  });

  it('[CONN-5] without a newer token the connection ends 60 s after the old one expired', async () => {
    const ada = await node.build.person();
    const client = await TestClient.connect(node, codec);
    await client.authenticate(node, ada, 60_000);
    for (let round = 0; round < 2; round += 1) {
      await node.clock.advance(50_000);
      await client.settle();
    }
    await node.clock.advance(25_000);
    expect((await client.closed).code).toBe(CLOSE.TOKEN_REJECTED.code);
  });

  it('[CONN-6] a connection that is silent for two heartbeats is closed, one that pings is not', async () => {
    const ada = await node.build.person();
    const silent = await TestClient.as(node, ada, codec);
    const talking = await TestClient.as(node, ada, codec);
    const controls = await TestClient.as(node, ada, codec);
    for (let round = 0; round < 3; round += 1) {
      await node.clock.advance(25_000);
      await talking.settle();
      const ponged = new Promise((resolve) => controls.socket.once('pong', resolve));
      controls.socket.ping();
      await ponged;
    }
    expect((await silent.closed).code).toBe(CLOSE.HEARTBEAT_MISSED.code);
    await talking.settle();
    await controls.settle();
  });

  it('[CONN-7] a device that is logged out is hung up on, other devices are not', async () => {
    const ada = await node.build.person();
    const tablet = await node.build.deviceOf(ada.userId);
    const [phone, other] = [await TestClient.live(node, ada, codec), await TestClient.live(node, tablet, codec)];
    node.core.broker.publish(`user:${ada.userId}`, {
      type: 'disconnect',
      userId: ada.userId,
      deviceId: ada.deviceId,
      reason: 'DEVICE_REVOKED',
    });
    expect((await phone.closed).code).toBe(CLOSE.DEVICE_REVOKED.code);
    await other.settle();
    node.core.broker.publish(`user:${ada.userId}`, {
      type: 'disconnect',
      userId: ada.userId,
      deviceId: null,
      reason: 'ACCOUNT_DELETED',
    });
    expect((await other.closed).code).toBe(CLOSE.ACCOUNT_DELETED.code);
  });

  it('[CONN-7] a device whose log-out order was lost is hung up on when the user log tells it', async () => {
    const ada = await node.build.person();
    const client = await TestClient.live(node, ada, codec);
    await node.core.deviceStore.revoke(ada.userId, ada.deviceId);
    expect((await client.closed).code).toBe(CLOSE.DEVICE_REVOKED.code);
  });

  it('[CONN-7] devices of a deleted account whose order to hang up was lost are hung up on when the logs are compared', async () => {
    const repaired = await startNode({ gateway: { repairIntervalMs: 15_000 } });
    // The first one is the administrator and cannot go.
    const [bob, ada] = await repaired.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    await repaired.build.group(bob, [ada]);
    const [client, other] = [await TestClient.live(repaired, ada, codec), await TestClient.live(repaired, bob, codec)];
    expect(await repaired.core.accountStore.erase(ada.userId, repaired.clock.now())).toEqual({ kind: 'erased' });
    await repaired.clock.advance(15_000);
    expect((await client.closed).code).toBe(CLOSE.ACCOUNT_DELETED.code);
    await other.settle();
    await repaired.close();
  });

  it('[CONN-7] a device that is logged out between its token and its session is refused', async () => {
    class LateBroker extends MemoryBroker {
      before = async (): Promise<unknown> => undefined;
      override async subscribe(topic: Topic, onEvent: (event: BrokerEvent) => void): Promise<() => void> {
        await this.before();
        return super.subscribe(topic, onEvent);
      }
    }
    const broker = new LateBroker();
    const late = await startNode({ broker });
    const ada = await late.build.person();
    broker.before = () => late.core.deviceStore.revoke(ada.userId, ada.deviceId);
    const client = await TestClient.connect(late, codec);
    client.authenticate(late, ada).catch(() => undefined);
    expect((await client.closed).code).toBe(CLOSE.TOKEN_REJECTED.code);
    expect(client.of('authenticated')).toEqual([]);
    expect(late.gateway.stats()).toMatchObject({ connections: 0, userTopics: 0 });
    await late.close();
  });

  it('[CONN-12] the eleventh connection of a device closes the oldest', async () => {
    const ada = await node.build.person();
    const clients: TestClient[] = [];
    for (let made = 0; made < 11; made += 1) clients.push(await TestClient.as(node, ada, codec));
    expect((await clients[0]?.closed)?.code).toBe(CLOSE.TOO_MANY_CONNECTIONS.code);
    await clients[1]?.settle();
    await clients[10]?.settle();
    expect(node.gateway.stats().connections).toBe(10);
  });

  it('[CONN-8] messages on their way when a server stops are stored and acknowledged; later ones are refused', async () => {
    const log = node.core.messageLog;
    const gate = Promise.withResolvers<void>();
    const append: typeof log.append = async (appends) => {
      await gate.promise;
      return log.append(appends);
    };
    const messageLog = new Proxy(log, {
      get: (target, name: keyof typeof log) => (name === 'append' ? append : target[name].bind(target)),
    });
    const held = await startNode({ stores: { ...node.core, messageLog } });
    const [ada] = await node.build.people(1);
    if (ada === undefined) throw new Error('No people.');
    const group = await node.build.group(ada);
    const client = await TestClient.live(held, ada, codec);
    const taken = [client.say(group, 'one'), client.say(group, 'two')];
    await client.settle();
    const drained = held.gateway.drain(8_000);
    await client.next('closing');
    expect(await client.say(group, 'three')).toMatchObject({ type: 'error', code: 'SHUTTING_DOWN' });
    gate.resolve();
    expect(await Promise.all(taken)).toMatchObject([
      { type: 'msg_ack', seq: 2 },
      { type: 'msg_ack', seq: 3 },
    ]);
    expect((await client.closed).code).toBe(CLOSE.SERVER_STOPPING.code);
    await held.clock.advance(9_000);
    await drained;
    expect((await log.heads([group])).get(group)?.seq).toBe(3);
    await held.close();
  });

  it('[CONN-8] a server that stops tells each connection when to come back, finishes what it took and closes', async () => {
    const people = await node.build.people(3);
    const clients = await Promise.all(people.map((person) => TestClient.live(node, person, codec)));
    const drained = node.gateway.drain(8_000);
    await node.clock.advance(9_000);
    await drained;
    for (const client of clients) {
      expect((await client.closed).code).toBe(CLOSE.SERVER_STOPPING.code);
      expect(client.of('closing')).toHaveLength(1);
    }
    expect(new Set(clients.map((client) => client.of('closing')[0]?.reconnect_after_ms)).size).toBe(3);
    expect(await upgradeStatus(OFFERED)).toBe(503);
    expect(node.gateway.stats().connections).toBe(0);
  });
});
