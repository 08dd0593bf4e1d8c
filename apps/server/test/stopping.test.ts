import { Agent, get, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { CLOSE } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { test as sceneTest } from './scene.ts';
import { call, readLog, registerPair, Wire } from './wire.ts';

/** CONN-8 promises ten seconds; the rest is for a machine that does other work. */
const STOP_WITHIN_MS = 12_000;

const test = sceneTest.extend('memoryServer', ({ serve }) => {
  return async () => {
    const server = serve(['--store', 'memory']);
    return { server, url: await server.address() };
  };
});

/** A connection that sends `bytes` and then nothing more. */
function halfSaid(url: string, bytes: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(bytes, () => resolve(socket));
    });
    socket.once('error', reject);
  });
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    socket.resume();
  });

describe('SIGTERM', () => {
  test('is heard from the moment that a server says it is ready', async ({ memoryServer }) => {
    for (let start = 0; start < 3; start += 1) {
      const { server } = await memoryServer();
      expect(await server.end('SIGTERM')).toBe(0);
    }
  });

  test('[CONN-8] tells every connection when to come back, finishes, closes with SERVER_STOPPING and exits with 0', async ({
    folder,
    serve,
  }) => {
    const server = serve(['--data', join(folder, 'data')]);
    const url = await server.address();
    const { anna, ben } = await registerPair(url);
    const wires = await Promise.all([anna, anna, ben, ben, ben].map((person) => Wire.live(url, person)));
    const stoppedAt = performance.now();
    const code = server.end('SIGTERM');
    expect(await Promise.all(wires.map((wire) => wire.closed))).toEqual(wires.map(() => CLOSE.SERVER_STOPPING.code));
    for (const wire of wires) {
      const [closing, ...others] = wire.of('closing');
      expect(others).toEqual([]);
      expect(closing?.reconnect_after_ms).toBeLessThanOrEqual(5_000);
    }
    expect(await code).toBe(0);
    console.log(`stopped with 5 connections: ${Math.round(performance.now() - stoppedAt)} ms`);
  });

  test('[SEND-1] in the middle of a burst: what was acknowledged is in the log after the restart, the rest once or not at all', async ({
    folder,
    serve,
  }) => {
    const data = join(folder, 'data');
    const server = serve(['--data', data]);
    const url = await server.address();
    const { anna, ben, conversationId } = await registerPair(url);
    const wires = [await Wire.live(url, anna), await Wire.live(url, ben)];
    const keys: string[] = [];
    const burst = (): void => {
      for (const wire of wires)
        for (let count = 0; count < 20; count += 1) keys.push(wire.say(conversationId, 'burst'));
    };
    // Each acknowledgement is followed by another message, so that the signal finds both ends at work.
    for (const wire of wires)
      wire.socket.addEventListener('message', ({ data: frame }) => {
        if (String(frame).includes('"msg_ack"') && wire.socket.readyState === WebSocket.OPEN)
          keys.push(wire.say(conversationId, 'and on'));
      });
    burst();
    await wires[0]?.next('msg_ack', ({ seq }) => (seq ?? 0) > 100);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(await Promise.all(wires.map((wire) => wire.closed))).toEqual(wires.map(() => CLOSE.SERVER_STOPPING.code));

    const again = await serve(['--data', data]).address();
    const log = await readLog(again, anna.access_token, conversationId);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const stored = log.filter((entry) => entry.type === 'new_message');
    const placeOf = new Map(stored.map((entry) => [entry.client_msg_id, entry.seq]));
    expect(placeOf.size).toBe(stored.length);
    const acknowledged = wires.flatMap((wire) => wire.of('msg_ack'));
    expect(acknowledged.filter(({ client_msg_id, seq }) => placeOf.get(client_msg_id) !== seq)).toEqual([]);
    expect([...placeOf.keys()].filter((key) => !keys.includes(key))).toEqual([]);
    console.log(
      `stopped in a burst: ${keys.length} sent, ${acknowledged.length} acknowledged, ${stored.length} stored, lost 0`,
    );
  });

  test('[CONN-8] is not held up by connections that are kept alive, say nothing, or stop in the middle of a request', async ({
    memoryServer,
  }) => {
    const { server, url } = await memoryServer();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      const answered = (response: IncomingMessage): void => void response.resume().once('end', resolve);
      get(`${url}/health/live`, { agent, family: 4 }, answered).once('error', reject);
    });
    const sockets = await Promise.all(
      [
        '',
        'GET /health/live HTTP/1.1\r\nHost: x\r\nX-Unfinished: ',
        'POST /api/v1/auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"name":',
        'GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1.json\r\n\r\n',
      ].map((bytes) => halfSaid(url, bytes)),
    );
    const ends = sockets.map(ended);
    const stoppedAt = performance.now();
    server.signal('SIGTERM');
    const late = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS, 'still running').unref());
    expect(await Promise.race([server.ended, late])).toBe(0);
    await Promise.all(ends);
    agent.destroy();
    console.log(`stopped with silent connections: ${Math.round(performance.now() - stoppedAt)} ms`);
  });

  test('[POLL-2] ends a waiting long poll', async ({ memoryServer }) => {
    const { server, url } = await memoryServer();
    const { anna } = await registerPair(url);
    const headers = { authorization: `Bearer ${anna.access_token}` };
    const opened = await fetch(`${url}/api/v1/events`, { method: 'POST', headers });
    // The cast holds: the route answers with a cursor.
    const { cursor } = (await opened.json()) as { cursor: string };
    let polled: () => void = () => undefined;
    const isPolled = new Promise<void>((resolve) => {
      polled = resolve;
    });
    const waiting = new Promise<string>((resolve, reject) => {
      const poll = request(`${url}/api/v1/events?cursor=${cursor}`, { headers, family: 4 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('end', () => resolve(text));
      });
      poll.once('error', reject);
      poll.end(polled);
    });
    // A request that reaches a server after it has closed its lines gets no answer. This one was handed to the system before the next ones were, so that
    // the server, which does the same work for all of them in turn, waits on it when they are answered.
    await isPolled;
    for (let times = 0; times < 3; times += 1) await call(url, 'GET', '/me', anna.access_token);
    const exit = server.end('SIGTERM');
    // The cast holds: the route answers with frames.
    const { frames } = JSON.parse(await waiting) as { frames: { type: string }[] };
    expect(frames.map(({ type }) => type)).toContain('closing');
    expect(await exit).toBe(0);
  });

  test('a second signal ends the server at once', async ({ memoryServer }) => {
    const { server, url } = await memoryServer();
    const silent = await halfSaid(url, 'GET / HTTP/1.1\r\n');
    silent.on('error', () => undefined);
    server.signal('SIGINT');
    await server.printed(/Stopping/);
    expect(server.hasEnded).toBe(false);
    expect(await server.end('SIGINT')).toBe(130);
    silent.destroy();
  });

  test('stops in order although nobody reads what the server prints', async ({ serve }) => {
    const server = serve(['--store', 'memory', '--log-level', 'debug']);
    const url = await server.address();
    const phone = '+4915112345678';
    await call(url, 'POST', '/auth/register', undefined, {
      name: 'Anna',
      phone,
      password: 'a long enough password',
      device_name: 'test',
    });
    server.closeOutput();
    // Prints a code and several lines of the log.
    await call(url, 'POST', '/auth/code', undefined, { phone });
    await call(url, 'GET', '/server');
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
