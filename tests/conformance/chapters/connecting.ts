import { describe, expect, test } from 'vitest';
import { PASSWORD } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';
import { Socket } from '../kit/socket.ts';

const server = await serverUnderTest();

// Some of these wait for deadlines of the server: together they take as long as the longest.
describe.concurrent('connecting', () => {
  test('[CONN-1] the server speaks first and names its limits', async () => {
    const socket = await Socket.open(server.url);
    const hello = await socket.next('hello');
    expect(hello).toMatchObject({ protocol: 1, heartbeat_interval_ms: 30_000, frame_bytes_max: 65_536 });
    expect(hello.connection_id).toMatch(/./);
    expect(socket.frames[0]).toBe(hello);
  });

  test('[CONN-2] before authenticate every other command is refused; a token or a ticket lets in', async () => {
    const ada = await server.person('Ada');
    const socket = await Socket.open(server.url);
    expect(await socket.ask({ type: 'ping' })).toMatchObject({ type: 'error', code: 'NOT_AUTHENTICATED' });
    expect(await socket.ask({ type: 'authenticate', token: ada.token })).toMatchObject({
      type: 'authenticated',
      user_id: ada.userId,
      device_id: ada.deviceId,
    });
    const { ticket } = await ada.done('POST', '/auth/ticket');
    const other = await Socket.open(server.url);
    expect(await other.ask({ type: 'authenticate', ticket })).toMatchObject({ type: 'authenticated' });
  });

  test('[CONN-2] a stranger may send 16 frames or 64 KiB, no more', async () => {
    const many = await Socket.open(server.url);
    for (let sent = 0; sent < 17; sent += 1) many.tell({ type: 'ping' });
    expect(await many.closeName()).toBe('BAD_FRAME');
    const much = await Socket.open(server.url);
    for (let sent = 0; sent < 2; sent += 1) much.tell({ type: 'ping', unknown: 'x'.repeat(40_000) });
    expect(await much.closeName()).toBe('BAD_FRAME');
  });

  test('[CONN-3] who does not authenticate is closed at the deadline, traffic or not', async () => {
    const socket = await Socket.open(server.url);
    const { authentication_timeout_ms } = await socket.next('hello');
    expect(authentication_timeout_ms).toBe(10_000);
    // A sign of life every second, below the number of frames that a stranger has.
    const traffic = setInterval(() => socket.webSocket.ping(), 1_000);
    expect(await socket.closeName()).toBe('AUTHENTICATION_TIMEOUT');
    clearInterval(traffic);
  });

  test('[CONN-4] a token that is not valid gets an error and is closed with TOKEN_REJECTED', async () => {
    for (const proof of [{ token: 'a.b.c' }, { ticket: 'no-ticket' }]) {
      const socket = await Socket.open(server.url);
      expect(await socket.ask({ type: 'authenticate', ...proof })).toMatchObject({
        type: 'error',
        code: 'TOKEN_INVALID',
      });
      expect(await socket.closeName()).toBe('TOKEN_REJECTED');
    }
  });

  test("[CONN-5] authenticate may be repeated with a newer token of the same device, not with another device's", async () => {
    const ada = await server.person('Ada');
    const socket = await ada.connect();
    const { access_token: token } = await ada.done('POST', '/auth/refresh', { refresh_token: ada.refreshToken });
    expect(await socket.ask({ type: 'authenticate', token })).toMatchObject({ type: 'authenticated' });
    const other = await ada.logIn();
    const reply = await socket.ask({ type: 'authenticate', token: other.token });
    expect(reply).toMatchObject({ type: 'error', code: 'TOKEN_INVALID' });
    expect(await socket.closeName()).toBe('TOKEN_REJECTED');
  });

  test('[CONN-6] either side may ping', async () => {
    const socket = await (await server.person('Ada')).connect();
    expect(await socket.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    const pong = new Promise((resolve) => socket.webSocket.once('pong', resolve));
    socket.webSocket.ping();
    await pong;
  });

  test('[CONN-7] logging a device out closes its connections and no others', async () => {
    const ada = await server.person('Ada');
    const other = await ada.logIn();
    const [staying, going] = [await ada.live(), await other.live()];
    await ada.done('DELETE', `/devices/${other.deviceId}`);
    expect(await going.closeName()).toBe('DEVICE_REVOKED');
    expect(await staying.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    await ada.done('DELETE', '/me', { password: PASSWORD });
    expect(await staying.closeName()).toBe('ACCOUNT_DELETED');
  });

  test('[CONN-9] the reason of a close is the sentence of the table', async () => {
    const ada = await server.person('Ada');
    const socket = await ada.live();
    await ada.done('POST', '/auth/logout');
    const { code, reason } = await socket.closed;
    expect({ code, reason }).toEqual({ code: 4200, reason: 'This device was logged out.' });
  });

  test("[CONN-10] a page of another origin gets 403; the server's own and no origin are let in", async () => {
    await expect(Socket.open(server.url, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(Socket.open(server.url, { origin: 'null' })).rejects.toThrow('403');
    await Socket.open(server.url, { origin: server.url });
  });

  test('[CONN-12] the eleventh connection of a device closes the oldest', async () => {
    const ada = await server.person('Ada');
    const sockets: Socket[] = [];
    for (let opened = 0; opened < 11; opened += 1) sockets.push(await ada.connect());
    expect(await sockets[0]?.closeName()).toBe('TOO_MANY_CONNECTIONS');
    expect(await sockets[1]?.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });
});
