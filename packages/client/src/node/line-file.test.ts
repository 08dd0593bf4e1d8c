import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeviceId } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, GROUP, me } from '../../test/samples.ts';
import type { OutboxRow } from '../outbox/outbox-row.ts';
import { FileOutboxStorage } from './file-outbox-storage.ts';
import { FileStateStorage } from './file-state-storage.ts';
import { FileTokenStorage } from './file-token-storage.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-client-'));
});
afterEach(() => rm(folder, { recursive: true }));

const row = (order: number): OutboxRow => ({
  clientMsgId: `key ${order}`,
  userId: ALICE,
  deviceId: makeDeviceId(1n),
  conversationId: GROUP,
  createdAt: order,
  order,
  write: { kind: 'send', content: { text: `Grüße ${order}` } },
  state: { kind: 'pending' },
});
const keysOf = async (path: string): Promise<string[]> => {
  const outbox = await FileOutboxStorage.open(path);
  const keys = (await outbox.list()).map(({ clientMsgId }) => clientMsgId);
  await outbox.close();
  return keys;
};

describe('the outbox in a file', () => {
  it('[S8] cut at any byte, it holds exactly the changes that were complete, and goes on from there', async () => {
    const path = join(folder, 'outbox');
    const outbox = await FileOutboxStorage.open(path);
    const ends: number[] = [];
    const expected: string[][] = [[]];
    const end = async (keys: string[]) => {
      ends.push((await stat(path)).size);
      expected.push(keys);
    };
    await outbox.put(row(1));
    await end(['key 1']);
    await outbox.put(row(2));
    await end(['key 1', 'key 2']);
    await outbox.remove('key 1');
    await end(['key 2']);
    await outbox.close();
    const whole = await readFile(path);
    const cut = join(folder, 'cut');
    for (let bytes = 0; bytes <= whole.length; bytes += 1) {
      await writeFile(cut, whole.subarray(0, bytes));
      const survived = expected[ends.filter((size) => size <= bytes).length];
      expect(await keysOf(cut)).toEqual(survived);
      const again = await FileOutboxStorage.open(cut);
      await again.put(row(9));
      await again.close();
      expect(await keysOf(cut)).toEqual([...(survived ?? []), 'key 9']);
    }
  });

  it('does not grow for ever', async () => {
    const path = join(folder, 'outbox');
    const outbox = await FileOutboxStorage.open(path);
    await outbox.put(row(0));
    for (let order = 1; order <= 600; order += 1) {
      await outbox.put(row(order));
      await outbox.remove(`key ${order}`);
    }
    await outbox.close();
    expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(400);
    expect(await keysOf(path)).toEqual(['key 0']);
  });

  it('refuses a file that is damaged in the middle and changes nothing', async () => {
    const path = join(folder, 'outbox');
    await writeFile(path, '{"put":\n{"remove":"x"}\n');
    await expect(FileOutboxStorage.open(path)).rejects.toThrow('Line 1');
    expect(await readFile(path, 'utf8')).toBe('{"put":\n{"remove":"x"}\n');
  });
});

describe('state and tokens in files', () => {
  it('[S8] the state is as it was after the last complete save', async () => {
    const path = join(folder, 'state');
    const storage = await FileStateStorage.open(path);
    const changes = (userSeq: number) => ({
      header: { epoch: 'first', userSeq, me, moreConversations: null },
      conversations: [],
      users: [],
      removedConversationIds: [],
    });
    await storage.save(changes(1));
    const complete = (await stat(path)).size;
    await storage.save(changes(2));
    await storage.close();
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 1));
    const cut = await FileStateStorage.open(path);
    expect((await cut.load())?.header.userSeq).toBe(1);
    expect((await stat(path)).size).toBe(complete);
    await cut.close();
  });

  it('only the latest tokens stay in the file, which others cannot read', async () => {
    const path = join(folder, 'tokens');
    const tokens = await FileTokenStorage.open(path);
    const session = (refreshToken: string) => ({
      userId: ALICE,
      deviceId: makeDeviceId(1n),
      accessToken: 'a',
      accessExpiresAt: 1,
      refreshToken,
      obtainedAt: 1,
    });
    await tokens.save(session('old secret'));
    await tokens.save(session('new secret'));
    await tokens.close();
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain('old secret');
    const again = await FileTokenStorage.open(path);
    expect(await again.load()).toEqual(session('new secret'));
    await again.close();
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077).toBe(0);
  });
});
