import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import type { Program } from './program.ts';
import { test as sceneTest } from './scene.ts';
import { registerPair, Wire } from './wire.ts';

const ANSWER_DEADLINE_MS = 15_000;
const REGISTER = '/api/v1/auth/register';
const UPGRADE =
  'GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const JSON_UPGRADE = `${UPGRADE}Sec-WebSocket-Protocol: parley.v1.json\r\n`;

/** Sends bytes on a connection of their own and gives all that comes back until `enough` of it has, or the server hangs up. */
function exchange(url: string, bytes: string | Buffer, enough: (answer: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      answer += '(and nothing more)';
      finish();
    }, ANSWER_DEADLINE_MS);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      if (enough(answer)) finish();
    });
    socket.on('error', () => undefined);
    socket.on('close', finish);
  });
}

const untilClosed = (): boolean => false;
const statusesIn = (answer: string): readonly string[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '');

const test = sceneTest.extend('server', ({ serve }) => {
  return async (): Promise<{ readonly server: Program; readonly url: string }> => {
    const server = serve(['--store', 'memory']);
    return { server, url: await server.address() };
  };
});

/** Two people talk as if nothing had been. */
async function expectNormalChat(url: string): Promise<void> {
  const { anna, ben, conversationId } = await registerPair(url);
  const [annas, bens] = [await Wire.live(url, anna), await Wire.live(url, ben)];
  const key = annas.say(conversationId, 'Are you there?');
  await annas.next('msg_ack', ({ client_msg_id }) => client_msg_id === key);
  const arrived = await bens.next('new_message', ({ client_msg_id }) => client_msg_id === key);
  expect(arrived.content).toMatchObject({ text: 'Are you there?' });
  annas.close();
  bens.close();
}

describe('bytes that no client of ours sends', () => {
  test('requests that two readers would split differently are refused, and nothing behind them is read', async ({
    server,
  }) => {
    const { server: program, url } = await server();
    const head = `POST ${REGISTER} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    const smuggled = 'GET /health/live HTTP/1.1\r\nHost: smuggled\r\n\r\n';
    const shapes = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{"a":\r\n${smuggled}`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: +5\r\n\r\n{"a":${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n${smuggled}`,
      `${head}Content-Length: 0\r\n X: folded\r\n\r\n${smuggled}`,
      `GET /health/live HTTP/1.1\nHost: x\n\n${smuggled}`,
      `GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n${smuggled}`,
    ];
    for (const bytes of shapes) {
      const answer = await exchange(url, bytes, untilClosed);
      const statuses = statusesIn(answer);
      expect(statuses.length, `${JSON.stringify(bytes)} → ${answer}`).toBeLessThanOrEqual(1);
      for (const status of statuses) expect(status).toBe('400');
      expect(answer).not.toContain('"live"');
    }
    // What the shapes are made of is understood: the refusals above are for the shapes.
    const wellFormed = await exchange(url, `${smuggled}${smuggled}`, (answer) => statusesIn(answer).length === 2);
    expect(statusesIn(wellFormed)).toEqual(['200', '200']);
    await expectNormalChat(url);
    expect(program.errors).toBe('');
  });

  test('huge heads, huge bodies and noise end in a refusal, and the server stays', async ({ server }) => {
    const { server: program, url } = await server();
    const answers = await Promise.all([
      exchange(url, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(200_000)}\r\n\r\n`, untilClosed),
      exchange(url, `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(50_000)}\r\n`, untilClosed),
      exchange(url, `GET /${'x'.repeat(200_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, untilClosed),
      exchange(
        url,
        `POST ${REGISTER} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{`,
        (answer) => statusesIn(answer).length > 0,
      ),
      exchange(url, 'SSH-2.0-OpenSSH_9.6\r\n', untilClosed),
      exchange(url, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), untilClosed),
    ]);
    const [first, second, third, ...others] = answers.map((answer) => statusesIn(answer));
    for (const statuses of [first, second, third]) expect([['400'], ['431']]).toContainEqual(statuses);
    expect(others).toEqual([['413'], ['400'], ['400']]);
    const noise = Array.from({ length: 50 }, (_, index) =>
      exchange(url, Buffer.concat([randomBytes(1 + index * 40), Buffer.from('\r\n\r\n')]), untilClosed),
    );
    for (const answer of await Promise.all(noise)) expect(statusesIn(answer)).toEqual(['400']);
    await expectNormalChat(url);
    expect(program.errors).toBe('');
  });

  test('[FRAME-1] [CONN-10] upgrades that are not ours are refused in HTTP', async ({ server }) => {
    const { url } = await server();
    const refusals: readonly (readonly [string, string])[] = [
      [`${UPGRADE}\r\n`, '400'],
      [`${UPGRADE}Sec-WebSocket-Protocol: chat\r\n\r\n`, '400'],
      [`${JSON_UPGRADE.replace('/api/v1/ws', '/elsewhere')}\r\n`, '404'],
      [`${JSON_UPGRADE}Origin: https://evil.example\r\n\r\n`, '403'],
      [`${JSON_UPGRADE}Origin: null\r\n\r\n`, '403'],
      [`${JSON_UPGRADE.replace('Version: 13', 'Version: 7')}\r\n`, '426'],
      [`${JSON_UPGRADE.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')}\r\n`, '400'],
      [`${JSON_UPGRADE.replace('GET', 'POST')}\r\n`, '405'],
      [`${JSON_UPGRADE.replace('Upgrade: websocket', 'Upgrade: h2c')}\r\n`, '400'],
    ];
    for (const [bytes, status] of refusals)
      expect(statusesIn(await exchange(url, bytes, untilClosed)), bytes).toEqual([status]);
    await expectNormalChat(url);
  });

  test('[FRAME-6] compression that is offered is not taken', async ({ server }) => {
    const { url } = await server();
    for (const offer of [
      'permessage-deflate',
      'permessage-deflate; client_max_window_bits; server_no_context_takeover',
    ]) {
      const answer = await exchange(url, `${JSON_UPGRADE}Sec-WebSocket-Extensions: ${offer}\r\n\r\n`, (text) =>
        text.includes('"hello"'),
      );
      expect(statusesIn(answer)).toEqual(['101']);
      expect(answer).toContain(
        createHash('sha1').update('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64'),
      );
      expect(answer.toLowerCase()).not.toContain('sec-websocket-extensions');
      expect(answer).toContain('{"type":"hello"');
    }
  });

  test('frames that break the framing end their connection only', async ({ server }) => {
    const { server: program, url } = await server();
    const frames = [
      Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
      Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x83, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]),
      Buffer.from([0x09, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x80, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x01]),
    ];
    for (const frame of frames) {
      const head = Buffer.from(`${JSON_UPGRADE}\r\n`);
      const answer = await exchange(url, Buffer.concat([head, frame]), untilClosed);
      expect(statusesIn(answer), frame.toString('hex')).toEqual(['101']);
      expect(answer, frame.toString('hex')).not.toContain('(and nothing more)');
    }
    await expectNormalChat(url);
    expect(program.errors).toBe('');
  });

  test('[CONN-2] 1,000 connections that say nothing, or half of something, leave room for a normal chat', async ({
    server,
  }) => {
    const { server: program, url } = await server();
    await expectNormalChat(url);
    const before = await program.residentBytes();
    const port = Number(new URL(url).port);
    const silent = await Promise.all(
      Array.from(
        { length: 1_000 },
        (_, index) =>
          new Promise<ReturnType<typeof connect>>((resolve, reject) => {
            const socket = connect(port, '127.0.0.1', () => {
              if (index % 4 === 1) socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
              if (index % 4 === 2) socket.write(`${JSON_UPGRADE}\r\n`);
              if (index % 4 === 3) socket.write(`${JSON_UPGRADE}\r\n`, () => socket.write(Buffer.from([0x81, 0xfe])));
              resolve(socket);
            });
            socket.once('error', reject);
          }),
      ),
    );
    await expectNormalChat(url);
    const during = await program.residentBytes();
    for (const socket of silent) socket.destroy();
    await expectNormalChat(url);
    const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
    console.log(`1,000 silent connections: ${mebibytes(before)} MiB before, ${mebibytes(during)} MiB with them`);
    expect(during - before).toBeLessThan(100 * 1_048_576);
    expect(program.errors).toBe('');
  });
});
