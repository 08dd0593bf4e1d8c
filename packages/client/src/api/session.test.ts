import { ROUTES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { openServer } from '../../test/devices.ts';
import type { ClientEnvironment } from '../environment.ts';
import { Api } from './api.ts';
import { ApiError, SignedOutError } from './api-error.ts';
import { Session } from './session.ts';
import { MemoryTokenStorage } from './token-storage.ts';

async function open(change: (environment: ClientEnvironment) => Partial<ClientEnvironment> = () => ({})) {
  const server = openServer();
  const person = await server.builders.person();
  const storage = new MemoryTokenStorage();
  await storage.save({
    ...person,
    accessToken: server.tokenOf(person),
    accessExpiresAt: server.clock.now() + 600_000,
    refreshToken: `refresh ${person.userId} ${person.deviceId}`,
    obtainedAt: server.clock.now() - 100_000,
  });
  let refreshes = 0;
  const normal = server.environment(1);
  const counting: ClientEnvironment = {
    ...normal,
    fetch: (url, init) => {
      if (url.endsWith(ROUTES.refresh.path)) refreshes += 1;
      return normal.fetch(url, init);
    },
  };
  const environment = { ...counting, ...change(counting) };
  const session = new Session(environment, 'http://parley.test', storage);
  const api = new Api(environment, 'http://parley.test', session);
  return { server, storage, session, api, refreshes: () => refreshes };
}

const snapshotOf = (api: Api) => api.call(ROUTES.getSnapshot, { query: {} });

describe('a session', () => {
  it('[AUTH-3] calls that find the token expired share one refresh', async () => {
    const { server, api, refreshes } = await open();
    server.expireTokens();
    const answers = await Promise.all(Array.from({ length: 10 }, () => snapshotOf(api)));
    expect(answers.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 10 }, () => 'first'));
    expect(refreshes()).toBe(1);
  });

  it('[AUTH-3] a token that another tab has refreshed meanwhile is used as it is', async () => {
    const { server, storage, api, refreshes } = await open();
    const stored = await storage.load();
    if (stored === undefined) throw new Error('There must be a session.');
    server.expireTokens();
    await storage.exclusively(async () => {
      await storage.save({ ...stored, accessToken: server.tokenOf(stored), obtainedAt: server.clock.now() });
    });
    await snapshotOf(api);
    expect(refreshes()).toBe(0);
  });

  it('[AUTH-3] a refresh whose answer was lost is repeated at once with the same token', async () => {
    let losses = 2;
    const { server, api, refreshes } = await open((environment) => ({
      fetch: async (url, init) => {
        const response = await environment.fetch(url, init);
        if (url.endsWith(ROUTES.refresh.path) && losses-- > 0) throw new TypeError('lost');
        return response;
      },
    }));
    server.expireTokens();
    await snapshotOf(api);
    expect(refreshes()).toBe(3);
  });

  it('a wrong clock does not make every call a refresh', async () => {
    const { api, refreshes } = await open((environment) => ({ now: () => environment.now() + 86_400_000 }));
    await snapshotOf(api);
    for (let calls = 0; calls < 5; calls += 1) await snapshotOf(api);
    expect(refreshes()).toBe(1);
  });

  it('[AUTH-3] a refused refresh ends the session', async () => {
    const refusal = { type: '', title: '', status: 401, code: 'REFRESH_REUSED', detail: 'Used before.' };
    const { server, storage, api } = await open((environment) => ({
      fetch: async (url, init) =>
        url.endsWith(ROUTES.refresh.path)
          ? new Response(JSON.stringify(refusal), { status: 401 })
          : environment.fetch(url, init),
    }));
    server.expireTokens();
    await expect(snapshotOf(api)).rejects.toThrow(SignedOutError);
    expect(await storage.load()).toBeUndefined();
  });
});

describe('the API', () => {
  it('[ERR-1] a refusal is an ApiError with the problem of the server', async () => {
    const { api } = await open();
    const params = { conversation_id: 'grp_0000000000001' };
    const failed: unknown = await api.call(ROUTES.getConversation, { params }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ApiError);
    expect(failed).toMatchObject({ reason: 'refused', retry: 'no', problem: { code: 'NOT_FOUND' } });
  });

  it('[SEND-4] no answer is "unreachable": unknown, and may be repeated', async () => {
    const { server, api } = await open();
    server.isDown = true;
    await expect(snapshotOf(api)).rejects.toMatchObject({ reason: 'unreachable', retry: 'later' });
  });

  it('an answer that is not of this protocol is not taken for one', async () => {
    const { api } = await open(() => ({ fetch: async () => new Response('<html>Welcome to the airport</html>') }));
    await expect(snapshotOf(api)).rejects.toMatchObject({ reason: 'unreadable' });
  });
});
