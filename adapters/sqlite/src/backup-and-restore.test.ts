import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type OpenedHere, temporaryDirectory, test } from '../test/temporary-store.ts';
import { restoreFrom } from './restore-from.ts';
import { SqlConnection } from './sql-connection.ts';

async function withMessages({ build }: OpenedHere, count: number) {
  const alice = await build.person();
  const group = await build.group(alice);
  for (let number = 0; number < count; number += 1) await build.send(alice, group, `message ${number}`);
  return { alice, group };
}

describe('backup', () => {
  test('[S2] a backup taken while messages are written is a gapless prefix that holds all acknowledged before', async ({
    openStore,
  }) => {
    const here = await openStore();
    const { opened, build, directory } = here;
    const { alice, group } = await withMessages(here, 20);
    const file = join(directory, 'backup.db');
    const backup = opened.backupTo(file);
    let isDone = false;
    const done = backup.then(() => {
      isDone = true;
    });
    let written = 0;
    for (; !isDone || written < 20; written += 1) await build.send(alice, group, 'while the backup runs');
    await done;

    const target = temporaryDirectory();
    restoreFrom(file, target);
    const { opened: restored } = await openStore({ directory: target });
    const head = (await restored.stores.messageLog.heads([group])).get(group);
    expect(head?.seq).toBeGreaterThanOrEqual(21);
    expect(head?.seq).toBeLessThanOrEqual(21 + written);
    expect((await restored.audit()).findings).toEqual([]);
    expect(await restored.integrityCheck()).toEqual([]);
  });

  test('a backup never replaces a file', async ({ openStore }) => {
    const { opened, directory } = await openStore();
    const file = join(directory, 'precious.txt');
    writeFileSync(file, 'precious');
    await expect(opened.backupTo(file)).rejects.toMatchObject({ message: expect.stringContaining('exists already') });
    await expect(opened.backupTo(join(directory, 'no', 'such', 'place'))).rejects.toMatchObject({ name: 'StoreError' });
  });
});

describe('restore', () => {
  test('[SYNC-7] a restored store has the messages of the backup and another epoch', async ({ openStore }) => {
    const here = await openStore();
    const { opened, build, directory } = here;
    const { alice, group } = await withMessages(here, 3);
    const file = join(temporaryDirectory(), 'backup.db');
    await opened.backupTo(file);
    await build.send(alice, group, 'after the backup');
    const before = await opened.stores.messageLog.epoch();
    await opened.close();

    const { epoch, replaced } = restoreFrom(file, directory);
    const { opened: restored } = await openStore({ directory });
    expect(await restored.stores.messageLog.epoch()).toBe(epoch);
    expect(epoch).not.toBe(before);
    expect((await restored.stores.messageLog.heads([group])).get(group)).toMatchObject({ seq: 4, count: 3 });

    const old = temporaryDirectory();
    restoreFrom(replaced ?? '', old);
    const { opened: kept } = await openStore({ directory: old });
    expect((await kept.stores.messageLog.heads([group])).get(group)).toMatchObject({ seq: 5, count: 4 });
  });

  test('[S7] a store that a server uses is not replaced', async ({ openStore }) => {
    const { opened, directory } = await openStore();
    const file = join(temporaryDirectory(), 'backup.db');
    await opened.backupTo(file);
    expect(() => restoreFrom(file, directory)).toThrow(/in use by another Parley process/);
    await opened.check();
  });

  test('[S2] a store that another program has open is not replaced: what it holds beside its file would be lost', async ({
    openStore,
  }) => {
    const here = await openStore();
    const { opened, build, directory } = here;
    const { alice, group } = await withMessages(here, 3);
    const file = join(temporaryDirectory(), 'backup.db');
    await opened.backupTo(file);
    // Whoever died left all of this in the write-ahead log, which a reader keeps from being folded.
    const crashed = temporaryDirectory();
    await build.send(alice, group, 'after the backup');
    for (const name of ['parley.db', 'parley.db-wal']) copyFileSync(join(directory, name), join(crashed, name));
    const reader = new SqlConnection(join(crashed, 'parley.db'), 'read');
    reader.database.exec('BEGIN');
    expect(reader.one('SELECT count(*) FROM log')).toEqual({ 'count(*)': 5n });
    const before = readdirSync(crashed).sort();
    expect(() => restoreFrom(file, crashed)).toThrow(/Another program has the store .* Nothing was changed/);
    expect(
      readdirSync(crashed)
        .filter((name) => name !== 'parley.lock')
        .sort(),
    ).toEqual(before);
    reader.close();

    const { replaced } = restoreFrom(file, crashed);
    const kept = new SqlConnection(replaced ?? '', 'read');
    expect(kept.one('SELECT count(*) FROM log')).toEqual({ 'count(*)': 5n });
    kept.close();
  });

  test('[S2] a store too damaged to be folded is kept with its write-ahead log beside it', async ({ openStore }) => {
    const here = await openStore();
    const file = join(temporaryDirectory(), 'backup.db');
    await here.opened.backupTo(file);
    const damaged = temporaryDirectory();
    writeFileSync(join(damaged, 'parley.db'), 'no database '.repeat(1_000));
    writeFileSync(join(damaged, 'parley.db-wal'), 'what was acknowledged');
    const { replaced } = restoreFrom(file, damaged);
    expect(readFileSync(`${replaced}`, 'utf8')).toContain('no database');
    expect(readFileSync(`${replaced}-wal`, 'utf8')).toBe('what was acknowledged');
    const { opened: restored } = await openStore({ directory: damaged });
    await restored.check();
  });

  test('what is no sound backup is refused and changes nothing', async ({ openStore }) => {
    const here = await openStore();
    const { group } = await withMessages(here, 2);
    await here.opened.close();
    const letter = join(temporaryDirectory(), 'letter.db');
    writeFileSync(letter, 'This is a letter to my aunt. '.repeat(200));
    const empty = join(temporaryDirectory(), 'empty.db');
    writeFileSync(empty, '');
    const folder = join(temporaryDirectory(), 'folder');
    mkdirSync(folder);
    for (const file of [letter, empty, folder, join(folder, 'missing')]) {
      expect(() => restoreFrom(file, here.directory)).toThrow();
    }
    expect(existsSync(join(here.directory, 'parley.db.restoring'))).toBe(false);
    const { opened } = await openStore({ directory: here.directory });
    expect((await opened.stores.messageLog.heads([group])).get(group)?.count).toBe(2);
  });
});
