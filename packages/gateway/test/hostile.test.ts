import { CLOSE, jsonCodec, LIMITS } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCodeOf, rawSocket } from './raw-socket.ts';
import { CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

async function loggedIn(codec = jsonCodec): Promise<TestClient> {
  return TestClient.live(node, await node.build.person(), codec);
}

describe('what is no frame', () => {
  const UNREADABLE: readonly [string, string | Buffer][] = [
    ['no JSON', 'hello'],
    ['truncated JSON', '{"type":"ping","id":1'],
    ['an array', '[]'],
    ['a number', '7'],
    ['no type', '{"id":1}'],
    ['nested deeper than 16', `{"type":"ping","id":1,"x":${'['.repeat(17)}${']'.repeat(17)}}`],
    ['nested very deep', '['.repeat(60_000)],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ];
  it.each(UNREADABLE)('[FRAME-3] %s: an error that says so, then BAD_FRAME', async (_name, data) => {
    const client = await loggedIn();
    client.socket.send(data, { binary: false });
    expect((await client.closed).code).toBe(CLOSE.BAD_FRAME.code);
    expect(client.frames.at(-1)).toMatchObject({ type: 'error', code: 'BAD_FRAME' });
  });

  it.each(CODECS)('[FRAME-3] the wrong opcode for $name', async (codec) => {
    const client = await loggedIn(codec);
    client.socket.send('{"type":"ping","id":1}', { binary: codec.name === 'json' });
    expect((await client.closed).code).toBe(CLOSE.BAD_FRAME.code);
    expect(client.of('error')).toMatchObject([{ code: 'BAD_FRAME' }]);
  });

  it('[FRAME-3] bytes that are no protobuf', async () => {
    const [, binary] = CODECS;
    for (const bytes of [[], [0xff], [0x0a, 0x7f, 0x01], [0x0b, 0x0b, 0x0b]]) {
      const client = await loggedIn(binary);
      client.socket.send(Buffer.from(bytes));
      expect((await client.closed).code).toBe(CLOSE.BAD_FRAME.code);
    }
  });

  it.each(CODECS)(
    '[FRAME-2] a frame of $name above the limit closes with TOO_LARGE, one at the limit does not',
    async (codec) => {
      const client = await loggedIn(codec);
      const ping = '{"type":"ping","id":77}';
      if (codec.name === 'json') {
        client.socket.send(ping.padEnd(LIMITS.frameBytesMax));
        await client.next((frame) => frame.type === 'pong' && frame.re === 77);
      }
      client.socket.send(
        codec.name === 'json' ? ping.padEnd(LIMITS.frameBytesMax + 1) : Buffer.alloc(LIMITS.frameBytesMax + 1),
      );
      expect((await client.closed).code).toBe(CLOSE.TOO_LARGE.code);
      expect(client.frames.at(-1)).toMatchObject({ type: 'error', code: 'TOO_LARGE' });
    },
  );

  it.each(CODECS)(
    '[FRAME-4] fields that do not match and commands that nobody knows are refused with $name, and the connection stays',
    async (codec) => {
      const client = await loggedIn(codec);
      if (codec.name === 'json') {
        client.socket.send('{"type":"subscribe","id":5,"conversation_id":"nonsense","after_seq":-1}');
        const refusal = await client.next('error');
        expect(refusal).toMatchObject({ re: 5, code: 'INVALID_REQUEST' });
        expect(refusal.errors?.map(({ field }) => field)).toEqual(['conversation_id', 'after_seq']);
        client.socket.send('{"type":"fly","id":6}');
        expect(await client.next('error')).toMatchObject({ re: 6, code: 'UNKNOWN_COMMAND' });
        client.socket.send('{"type":"__proto__","id":7,"__proto__":{"polluted":true}}');
        expect(await client.next('error')).toMatchObject({ re: 7, code: 'UNKNOWN_COMMAND' });
      } else {
        // Field 99 of the envelope, an empty message.
        client.socket.send(Buffer.from([0x9a, 0x06, 0x00]));
        expect(await client.next('error')).toMatchObject({ code: 'UNKNOWN_COMMAND' });
      }
      await client.settle();
    },
  );

  it('[FRAME-5] unknown fields are ignored', async () => {
    const client = await loggedIn();
    client.socket.send('{"type":"ping","id":9,"colour":"green","nested":{"a":[1]}}');
    expect(await client.next('pong')).toMatchObject({ re: 9 });
  });

  it('[FRAME-1] a fragmented message is one frame, and too many fragments close the connection', async () => {
    const client = await loggedIn();
    client.socket.send('{"type":"pi', { fin: false });
    client.socket.send('ng","id":11}', { fin: true });
    await client.next((frame) => frame.type === 'pong' && frame.re === 11);
    for (let sent = 0; sent < 200; sent += 1) client.socket.send(' ', { fin: false });
    expect((await client.closed).code).toBe(CLOSE.BAD_FRAME.code);
  });

  it('[FRAME-3] broken framing: an unmasked frame, a reserved bit, an unknown opcode', async () => {
    for (const bytes of [
      [0x81, 0x02, 0x7b, 0x7d],
      [0xc1, 0x80, 0, 0, 0, 0],
      [0x83, 0x80, 0, 0, 0, 0],
    ]) {
      const socket = await rawSocket(node);
      const code = closeCodeOf(socket);
      socket.write(Buffer.from(bytes));
      expect(await code).toBe(CLOSE.BAD_FRAME.code);
      socket.destroy();
    }
  });

  it('[FRAME-2] an announced length above the limit is refused before a byte of it comes', async () => {
    const socket = await rawSocket(node);
    const code = closeCodeOf(socket);
    socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
    expect(await code).toBe(CLOSE.TOO_LARGE.code);
    socket.destroy();
  });
});

describe('those who do not play along', () => {
  it('[CONN-3] half a frame before authentication holds the connection no longer than silence', async () => {
    const socket = await rawSocket(node);
    const code = closeCodeOf(socket);
    socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    await node.clock.advance(12_000);
    expect(await code).toBe(CLOSE.AUTHENTICATION_TIMEOUT.code);
    socket.destroy();
  });

  it('[CONN-3] a clock that is set back gives strangers no more time', async () => {
    node.clock.set(86_400_000);
    await node.clock.advance(2_000);
    const socket = await rawSocket(node);
    const code = closeCodeOf(socket);
    node.clock.set(-86_400_000);
    await node.clock.advance(13_000);
    expect(await code).toBe(CLOSE.AUTHENTICATION_TIMEOUT.code);
    socket.destroy();
  });

  it('[CONN-6] half a frame after authentication is no sign of life', async () => {
    const client = await loggedIn();
    client.socket.send('{"type":', { fin: false });
    await client.settle().catch(() => undefined);
    await node.clock.advance(70_000);
    expect([CLOSE.HEARTBEAT_MISSED.code, CLOSE.BAD_FRAME.code]).toContain((await client.closed).code);
  });

  it('a flood of pings after authentication is answered or ended, and the node serves others', async () => {
    const client = await loggedIn();
    const other = await loggedIn();
    for (let sent = 0; sent < 5_000; sent += 1) client.socket.ping();
    await other.settle();
    expect(node.gateway.stats().connections).toBeLessThanOrEqual(2);
  });

  it('[CONN-11] a client that never reads is closed as too slow, and what waits for it stays bounded', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    const sleeper = await TestClient.live(node, bob);
    const writer = await TestClient.live(node, ada);
    sleeper.socket.pause();
    const text = 'x'.repeat(15_000);
    for (let sent = 0; sent < 1_500 && node.gateway.stats().slowCloses === 0; sent += 1) await writer.say(group, text);
    expect(node.gateway.stats().slowCloses).toBe(1);
    await writer.settle();
    sleeper.socket.resume();
    expect([CLOSE.TOO_SLOW.code, 1006]).toContain((await sleeper.closed).code);
  }, 60_000);

  it('[CONN-11] replies far larger than the bound wait for the client that asked for them, and it is not too slow', async () => {
    const ada = await node.build.person();
    const group = await node.build.group(ada);
    for (let sent = 0; sent < 5; sent += 1) await node.build.send(ada, group, 'x'.repeat(12_000));
    const client = await TestClient.live(node, ada);
    client.socket.pause();
    const asked = Array.from({ length: 300 }, () =>
      client.call({ type: 'fetch_entries', conversation_id: group, after_seq: 0, limit: 10 }),
    );
    client.socket.resume();
    const answers = await Promise.all(asked);
    expect(answers.every(({ type }) => type === 'entries')).toBe(true);
    expect(node.gateway.stats().slowCloses).toBe(0);
  });

  it('[CONN-11] a burst of one moment that is larger than the bound reaches a client that reads', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    const reader = await TestClient.live(node, bob);
    const sent: Promise<unknown>[] = [];
    for (let number = 0; number < 30; number += 1) sent.push(node.build.send(ada, group, 'x'.repeat(15_000)));
    await Promise.all(sent);
    const { entries } = await node.core.messageLog.readAfter(group, 2, 100);
    for (const entry of entries)
      node.core.broker.publish(`conversation:${group}`, { type: 'entry', entry, originConnectionId: null });
    await reader.settle();
    expect(reader.of('new_message')).toHaveLength(30);
    expect(node.gateway.stats().slowCloses).toBe(0);
  });

  it('[CONN-11] pings and broken commands of a client that takes no answers stop being read', async () => {
    const client = await loggedIn();
    client.socket.pause();
    for (let sent = 0; sent < 200_000; sent += 1) client.socket.send('{"type":"ping","id":1}');
    client.socket.resume();
    await client.settle();
    expect(client.of('pong')).toHaveLength(200_001);
    expect(node.gateway.stats().slowCloses).toBe(0);
  });

  it('[CONN-11] a replay larger than the bound arrives whole at a client that reads', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    for (let sent = 0; sent < 300; sent += 1) await node.build.send(ada, group, 'x'.repeat(15_000));
    const reader = await TestClient.as(node, bob);
    expect(await reader.sync(node, bob, { [group]: 2 })).toMatchObject({ type: 'resumed' });
    expect(reader.of('new_message')).toHaveLength(300);
  });

  it('[CONN-11] a replay waits for a client that does not read, and gives it up after a minute', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    for (let sent = 0; sent < 500; sent += 1) await node.build.send(ada, group, 'x'.repeat(16_000));
    const sleeper = await TestClient.as(node, bob);
    sleeper.sync(node, bob, { [group]: 2 }).catch(() => undefined);
    sleeper.socket.pause();
    for (let second = 0; second < 65; second += 1) await node.clock.advance(1_000);
    sleeper.socket.resume();
    await sleeper.closed;
    expect(node.gateway.stats().connections).toBe(0);
  }, 60_000);

  it('thousands of commands at once are taken in order and none is lost', async () => {
    const ada = await node.build.person();
    const group = await node.build.group(ada);
    const client = await TestClient.live(node, ada);
    const asked = Array.from({ length: 3_000 }, () =>
      client.call({ type: 'fetch_entries', conversation_id: group, after_seq: 0, limit: 1 }),
    );
    const answers = await Promise.all(asked);
    expect(answers.every(({ type }) => type === 'entries')).toBe(true);
    const order = client.of('entries').map(({ re }) => re);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  });
});
