import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect } from 'vitest';
import { type Serve, test as sceneTest } from './scene.ts';
import { NOBODY_MAY_READ, unprivileged } from './unprivileged.ts';

/** The database and the secrets, as digests: a refused start leaves them byte for byte. Locks and shared memory are no data. */
async function kept(data: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(data)).filter((name) => !/lock|-shm$|-wal$/.test(name)).sort();
  const digests = names.map(async (name) => {
    const digest = createHash('sha256').update(await readFile(join(data, name)));
    return [name, digest.digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** A data folder that a server has used and left in order. */
async function usedData(folder: string, serve: Serve): Promise<string> {
  const data = join(folder, 'data');
  const server = serve(['--data', data]);
  await server.address();
  await server.end('SIGTERM');
  return data;
}

const test = sceneTest.extend('refusedWith', ({ serve }) => {
  /** Starts a server that must refuse, and gives its only sentence. */
  return async (data: string, user?: { readonly user?: number }): Promise<string> => {
    const before = await kept(data);
    const server = serve(['--data', data], user);
    expect(await server.ended).toBe(1);
    expect(server.output).toBe('');
    expect(await kept(data)).toEqual(before);
    return server.errors;
  };
});

describe('data that cannot be used: a sentence, exit code 1, and nothing changed', () => {
  test('secrets that are damaged', async ({ folder, serve, refusedWith }) => {
    const data = await usedData(folder, serve);
    const secrets = join(data, 'secrets.json');
    await writeFile(secrets, '{"signing_key":');
    expect(await refusedWith(data)).toBe(
      `The server was not started: ${secrets} is damaged. Restore it from a backup, or remove it: then everybody has to log in again.\n`,
    );
  });

  test('a database file that is something else', async ({ folder, serve, refusedWith }) => {
    const data = await usedData(folder, serve);
    await writeFile(join(data, 'parley.db'), 'This is a letter to my aunt. '.repeat(500));
    expect(await refusedWith(data)).toBe(
      `The file of the store in ${data} is no Parley store. Restore the last backup or name another directory.\n`,
    );
  });

  test('a database of another program', async ({ folder, refusedWith }) => {
    const data = join(folder, 'data');
    await mkdir(data);
    const database = new DatabaseSync(join(data, 'parley.db'));
    database.exec('CREATE TABLE recipe (name TEXT); PRAGMA journal_mode = WAL');
    database.close();
    expect(await refusedWith(data)).toContain('The file is a database of another program. Nothing was changed.');
  });

  test('a store of a newer program', async ({ folder, serve, refusedWith }) => {
    const data = await usedData(folder, serve);
    const database = new DatabaseSync(join(data, 'parley.db'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(await refusedWith(data)).toMatch(
      /^The store has schema version 999, this program knows versions up to \d+\. Nothing was changed\. Start the newer program, or restore a backup from before the upgrade\.\n$/,
    );
  });

  test('a folder that this user may not write, or not even read', async ({ folder, serve, refusedWith, skip }) => {
    const somebody = unprivileged();
    skip(somebody === undefined, NOBODY_MAY_READ);
    const data = await usedData(folder, serve);
    await chmod(folder, 0o755);
    if (somebody?.user !== undefined) {
      await chown(data, somebody.user, somebody.user);
      for (const name of await readdir(data)) await chown(join(data, name), somebody.user, somebody.user);
    }
    for (const name of await readdir(data)) await chmod(join(data, name), 0o400);
    await chmod(data, 0o500);
    try {
      expect(await refusedWith(data, somebody)).toBe(
        `The store in ${data} is read-only. Give the server's user the right to write there; the store then goes on by itself.\n`,
      );
    } finally {
      await chmod(data, 0o700);
    }
  });

  test('a folder that this user may not make', async ({ folder, serve, skip }) => {
    const somebody = unprivileged();
    skip(somebody === undefined, NOBODY_MAY_READ);
    await chmod(folder, 0o555);
    try {
      const data = join(folder, 'data');
      const server = serve(['--data', data], somebody);
      expect(await server.ended).toBe(1);
      expect(server.errors).toBe(
        `The server was not started: the folder ${data} cannot be made (EACCES). Choose another with --data, or give this user the right to make it.\n`,
      );
    } finally {
      await chmod(folder, 0o755);
    }
  });
});
