import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RateLimiter } from '@parley/core';
import { MemoryRateLimiter } from '@parley/memory';
import { LIMITS } from '@parley/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import type { PollSessions } from '../src/handlers/poll.ts';
import type { ComponentHealth } from '../src/health.ts';
import { openRest } from './open-rest.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(change: Parameters<typeof openRest>[0] = {}) {
  const rest = await openRest(change);
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => rest.app.close());
  // The cast holds: a server that listens on TCP has an address with a port.
  const { port } = rest.app.server.address() as AddressInfo;
  /** Sends bytes as they are and reads until the server closes. */
  const exchange = async (...pieces: readonly (string | Buffer)[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    for (const piece of pieces) socket.write(piece);
    return text(socket);
  };
  return { ...rest, port, url: `http://127.0.0.1:${port}`, exchange };
}

const notUsed = () => Promise.reject(new Error('not used'));
const NO_POLL: PollSessions = { open: notUsed, poll: notUsed, send: notUsed, close: notUsed };

const postEvents = (url: string, token: string, signal: AbortSignal): Promise<Response> =>
  fetch(`${url}/api/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, signal });

describe('over a real socket', () => {
  test('[HTTP-1] fetch reads what inject reads', async () => {
    const { url, inject } = await listen();
    const answer = await fetch(`${url}/api/v1/server`);
    expect(await answer.json()).toEqual((await inject({ method: 'GET', url: '/api/v1/server' })).body);
  });

  test('bytes that are no HTTP get a problem and the door', async () => {
    const { exchange } = await listen();
    const answer = await exchange('\u0016\u0003\u0001 this is TLS\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"code":"BAD_FRAME"');
  });

  test('[ERR-1] a chunked body that never says its length is cut at the limit', async () => {
    const { exchange } = await listen();
    const chunk = `${LIMITS.frameBytesMax.toString(16)}\r\n${'x'.repeat(LIMITS.frameBytesMax)}\r\n`;
    const answer = await exchange(
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      chunk,
      chunk,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"TOO_LARGE"');
  });

  test('a request with two lengths is refused: a proxy may have read the other one', async () => {
    const { exchange } = await listen();
    const answer = await exchange(
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a poll ends when its caller goes away', async () => {
    const waiting = Promise.withResolvers<AbortSignal>();
    const aborted = Promise.withResolvers<void>();
    const { url, join, core } = await listen({
      rest: {
        poll: {
          ...NO_POLL,
          poll: async (_, cursor, signal) => {
            signal.addEventListener('abort', () => aborted.resolve());
            waiting.resolve(signal);
            await aborted.promise;
            return { kind: 'done', value: { cursor, frames: [] } };
          },
        },
      },
    });
    expect(core.settings.requestsPerMinute).toBe(0);
    const { token } = await join('ada');
    const caller = new AbortController();
    const poll = fetch(`${url}/api/v1/events?cursor=x`, {
      headers: { authorization: `Bearer ${token}` },
      signal: caller.signal,
    });
    const signal = await waiting.promise;
    expect(signal.aborted).toBe(false);
    caller.abort();
    await expect(poll).rejects.toThrow();
    await aborted.promise;
    expect(signal.aborted).toBe(true);
  });

  test('[POLL-3] who opens a session hears of a caller who went before the answer, and of no other', async () => {
    const signals: AbortSignal[] = [];
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const open: PollSessions['open'] = async (_, signal) => {
      signals.push(signal);
      if (signals.length === 2) {
        signal.addEventListener('abort', () => gone.resolve());
        asked.resolve();
        await gone.promise;
      }
      return { kind: 'done', value: { cursor: 'x', frames: [] } };
    };
    const { url, join, exchange } = await listen({ rest: { poll: { ...NO_POLL, open } } });
    const { token } = await join('ada');
    // Read to its end: the server is done with it.
    const answer = await exchange(
      `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    const caller = new AbortController();
    const opening = postEvents(url, token, caller.signal);
    await asked.promise;
    caller.abort();
    await expect(opening).rejects.toThrow();
    await gone.promise;
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  test('[POLL-3] who opens a session hears of a caller who went while the request was being admitted', async () => {
    const limiter = new MemoryRateLimiter();
    const admitting = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<AbortSignal>();
    let isSlow = false;
    const rateLimiter: RateLimiter = {
      peek: (...about) => limiter.peek(...about),
      take: async (...about) => {
        if (isSlow) {
          admitting.resolve();
          await gone.promise;
        }
        return limiter.take(...about);
      },
    };
    const open: PollSessions['open'] = async (_, signal) => {
      opened.resolve(signal);
      return { kind: 'done', value: { cursor: 'x', frames: [] } };
    };
    const settings = { requestsPerMinute: 100 };
    const { app, url, join } = await listen({ settings, core: { rateLimiter }, rest: { poll: { ...NO_POLL, open } } });
    app.server.on('connection', (socket) => socket.once('close', () => gone.resolve()));
    const { token } = await join('ada');
    isSlow = true;
    const caller = new AbortController();
    const opening = postEvents(url, token, caller.signal);
    await admitting.promise;
    caller.abort();
    await expect(opening).rejects.toThrow();
    expect((await opened.promise).aborted).toBe(true);
  });

  test('[CONN-8] stopping refuses new requests with SHUTTING_DOWN and finishes what runs', async () => {
    const asked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<readonly ComponentHealth[]>();
    const readiness = () => {
      asked.resolve();
      return release.promise;
    };
    const { app, url, port, clock } = await listen({ rest: { readiness } });
    expect(clock.pendingTimers).toBe(0);
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const running = fetch(`${url}/health/ready`);
    await asked.promise;
    const closed = app.close();
    idle.write('GET /api/v1/server HTTP/1.1\r\nHost: x\r\n\r\n');
    const refusal = await text(idle);
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusal).toContain('"code":"SHUTTING_DOWN"');
    release.resolve([{ name: 'store', ready: true }]);
    expect((await running).status).toBe(200);
    await closed;
  });
});
