import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { temporaryDirectory, test } from '../test/temporary-store.ts';
import { storeFilesIn } from './store-files.ts';

describe('opening', () => {
  test('[S7] a second opener is refused at once, the first goes on', async ({ openStore }) => {
    const { directory, opened, build } = await openStore();
    await expect(openStore({ directory })).rejects.toMatchObject({
      name: 'StoreError',
      applied: 'no',
      message: expect.stringContaining(`${directory} is in use by another Parley process`),
    });
    await build.person();
    await opened.check();
  });

  test('a missing directory is a sentence', async ({ openStore }) => {
    const directory = join(temporaryDirectory(), 'nowhere');
    await expect(openStore({ directory })).rejects.toMatchObject({
      name: 'StoreError',
      message: `The data directory ${directory} does not exist. Create it, or name another one.`,
    });
  });

  test('a directory that cannot be written is a sentence', async ({ openStore }) => {
    // No permission keeps root from writing; in /proc nobody can make a file.
    await expect(openStore({ directory: '/proc' })).rejects.toMatchObject({
      name: 'StoreError',
      applied: 'no',
      message: expect.stringMatching(/^The store in \/proc cannot be opened\. Check/),
    });
  });

  test('a file that is no database is a sentence, and the directory is free again', async ({ openStore }) => {
    const directory = temporaryDirectory();
    writeFileSync(storeFilesIn(directory).database, 'This is a letter to my aunt. '.repeat(200));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openStore({ directory })).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringContaining('no Parley store'),
      });
    }
  });
});

describe('closing', () => {
  test('[S2] everything accepted before is stored, what comes after is refused', async ({ openStore }) => {
    const { directory, opened, build } = await openStore();
    const alice = await build.person();
    const group = await build.group(alice);
    const { messageLog } = opened.stores;
    const accepted = Array.from({ length: 300 }, () => messageLog.append([build.newMessage(alice, group, 'accepted')]));
    const closing = opened.close();
    const late = messageLog.append([build.newMessage(alice, group, 'late')]);
    await expect(late).rejects.toMatchObject({ applied: 'no', retryable: true });
    const outcomes = (await Promise.all(accepted)).flat();
    expect(outcomes.every(({ kind }) => kind === 'appended')).toBe(true);
    await closing;
    const { opened: reopened } = await openStore({ directory });
    expect((await reopened.stores.messageLog.heads([group])).get(group)).toMatchObject({ seq: 301, count: 300 });
  });

  test('closing twice is closing once', async ({ openStore }) => {
    const { opened } = await openStore();
    await Promise.all([opened.close(), opened.close()]);
  });
});

test('[S16] more requests than may wait are refused at once, with nothing stored', async ({ openStore }) => {
  const { opened, build } = await openStore({ pendingMax: 10 });
  const alice = await build.person();
  const group = await build.group(alice);
  const appends = Array.from({ length: 15 }, (_, number) =>
    opened.stores.messageLog.append([build.newMessage(alice, group, `message ${number}`)]),
  );
  const settled = await Promise.allSettled(appends);
  const refused = settled.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(5);
  for (const refusal of refused) expect(refusal).toMatchObject({ reason: { applied: 'no', retryable: true } });
  expect((await opened.stores.messageLog.heads([group])).get(group)?.count).toBe(10);
});
