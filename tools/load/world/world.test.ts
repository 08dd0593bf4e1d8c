import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_PREFIX } from '@parley/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../server-process.ts';
import { makeWorld } from './world.ts';

const PARLEY = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url));

test('a made world passes the audit, and its people can read their conversations', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-world-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const world = await makeWorld(directory, {
    people: 12,
    directs: [
      [0, 1],
      [2, 3],
      [0, 4],
    ],
    groups: [[5, 6, 7, 8, 9, 10, 11]],
    channels: [[2, 3, 5]],
    messagesPerDirect: 7,
  });
  const audit = execFileSync(process.execPath, [PARLEY, 'audit', '--data', directory], { encoding: 'utf8' });
  expect(audit).toContain('every place is filled, every count and cursor is true');

  const server = await startServer(directory);
  onTestFinished(() => void server.stop('SIGTERM'));
  const get = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${world.people[0]?.token}` };
    return (await fetch(`${server.url}${API_PREFIX}${path}`, { headers })).json();
  };
  expect(await get('/conversations')).toMatchObject({
    items: [{ conversation_id: world.directs[2] }, { conversation_id: world.directs[0] }],
  });
  expect(await get(`/conversations/${world.directs[0]}/messages`)).toMatchObject({ messages: { length: 7 } });
});
