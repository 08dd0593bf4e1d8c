import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { test as sceneTest } from './scene.ts';
import { readLog, registerPair, Wire } from './wire.ts';

const NEEDS_MOUNT =
  'A small disk of its own can only be mounted by root: sudo node node_modules/vitest/vitest.mjs run apps/server/test/full-disk.test.ts';

const test = sceneTest.extend('disk', async ({ folder }, { onCleanup }) => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onCleanup(() => void execFileSync('umount', ['--lazy', disk]));
  return disk;
});

/** Fills what is left of a disk, to the last page; returns the file that does. */
function fill(disk: string): string {
  const ballast = join(disk, 'ballast');
  for (let bytes = 8 << 20; bytes >= 4_096; bytes >>= 1) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // Full for pieces of this size.
    }
  }
  return ballast;
}

const LONG = 'x'.repeat(4_000);

describe('a full disk', () => {
  test('[ERR-5] refuses sends with STORE_UNAVAILABLE and acknowledges none; with room again they succeed without a restart', async ({
    disk,
    serve,
    start: _,
    skip,
  }) => {
    skip(disk === undefined, NEEDS_MOUNT);
    if (disk === undefined) return;
    const data = join(disk, 'data');
    const server = serve(['--data', data]);
    const url = await server.address();
    const { anna, conversationId } = await registerPair(url);
    const wire = await Wire.live(url, anna);
    const acknowledged = new Map<string, number>();
    /** The key when it was refused. */
    const send = async (key?: string): Promise<string | undefined> => {
      const sent = wire.say(conversationId, LONG, key);
      const answer = await Promise.race([
        wire.next('msg_ack', ({ client_msg_id }) => client_msg_id === sent && !acknowledged.has(sent)),
        wire.next('error', ({ re }) => re === wire.lastId),
      ]);
      if (answer.type === 'msg_ack') {
        acknowledged.set(sent, answer.seq ?? 0);
        return undefined;
      }
      expect(answer).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      return sent;
    };
    for (let count = 0; count < 50; count += 1) expect(await send()).toBeUndefined();
    const ballast = fill(disk);
    let refused: string | undefined;
    for (let attempt = 0; attempt < 200 && refused === undefined; attempt += 1) refused = await send();
    expect(refused).toBeDefined();
    expect(await send()).toBeDefined();
    const overHttp = await fetch(`${url}/api/v1/conversations/${conversationId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_msg_id: crypto.randomUUID(), content: { text: LONG } }),
    });
    expect(overHttp.status).toBe(503);
    expect(await overHttp.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' });

    // The last page of the write-ahead log may still take a small write or two.
    const ready = async () => (await fetch(`${url}/health/ready`)).status;
    await vi.waitUntil(async () => (await ready()) === 503, { timeout: 30_000, interval: 300 });

    rmSync(ballast);
    expect(await send(refused)).toBeUndefined();
    await vi.waitUntil(async () => (await ready()) === 200, { timeout: 30_000, interval: 300 });
    for (let count = 0; count < 50; count += 1) expect(await send()).toBeUndefined();
    const stored = (await readLog(url, anna.access_token, conversationId)).filter(({ type }) => type === 'new_message');
    expect(new Map(stored.map((entry) => ['client_msg_id' in entry ? entry.client_msg_id : '', entry.seq]))).toEqual(
      acknowledged,
    );
    await server.end('SIGKILL');
    const again = await serve(['--data', data]).address();
    expect(
      (await readLog(again, anna.access_token, conversationId)).filter(({ type }) => type === 'new_message'),
    ).toEqual(stored);
    console.log(`full disk: ${acknowledged.size} acknowledged, ${stored.length} stored, lost 0`);
  });

  test('at the start it is a sentence', async ({ disk, serve, start: _, skip }) => {
    skip(disk === undefined, NEEDS_MOUNT);
    if (disk === undefined) return;
    const ballast = fill(disk);
    const server = serve(['--data', join(disk, 'data')]);
    expect(await server.ended).toBe(1);
    expect(server.errors).toMatch(/^The (server|store|disk).*(full|cannot|ENOSPC).*\n$/);
    expect(server.errors).not.toContain('    at ');
    rmSync(ballast);
    await serve(['--data', join(disk, 'data')]).address();
  });
});
