import { copyFile, readdir, rename, stat } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { ROUTES } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { isLive, join, say, startTalk, textsOf, until } from './person.ts';
import { test } from './scene.ts';
import { readLog, registerPair, Wire } from './wire.ts';

describe('backup and restore', () => {
  test('[SYNC-7] a device whose server went back to a backup resyncs by itself and has all that the backup had', async ({
    folder,
    serve,
    run,
  }) => {
    const [data, file] = [joinPath(folder, 'data'), joinPath(folder, 'monday.db')];
    const server = serve(['--data', data]);
    const url = await server.address();
    const [anna, ben] = [await join(url, 'Anna'), await join(url, 'Ben')];
    try {
      const id = await startTalk(anna, ben);
      await say(anna, id, 'before the backup');
      await say(ben, id, 'me too');
      expect(await run(['backup', '--data', data, file])).toMatchObject({ code: 0 });
      await say(anna, id, 'lost with the disk');
      await until(ben, 'the last message has arrived', () => textsOf(ben, id).includes('lost with the disk'));
      const before = await anna.api.call(ROUTES.getSnapshot, { query: {} });
      await server.end('SIGTERM');
      for (const client of [anna, ben]) await until(client, 'the connection is over', () => !isLive(client));

      // The disk is gone; the key was kept beside the backup, as the command says.
      await rename(data, joinPath(folder, 'lost'));
      const restored = await run(['restore', file, '--data', data]);
      expect(restored).toMatchObject({ code: 0, errors: '' });
      expect(restored.output).toBe(
        `${data} now holds the state of ${file}. Devices notice by themselves and take a fresh snapshot.\n`,
      );
      await copyFile(joinPath(folder, 'lost', 'secrets.json'), joinPath(data, 'secrets.json'));
      const port = new URL(url).port;
      await serve(['--data', data, '--port', port]).address();
      for (const client of [anna, ben]) {
        client.networkChanged(true);
        await until(client, 'connected again', () => isLive(client));
        await until(client, 'as in the backup', () => textsOf(client, id).join() === 'before the backup,me too');
      }
      const after = await anna.api.call(ROUTES.getSnapshot, { query: {} });
      expect(after.epoch).not.toBe(before.epoch);
      await say(ben, id, 'and on we go');
      await until(anna, 'talk goes on', () => textsOf(anna, id).at(-1) === 'and on we go');
      expect(textsOf(anna, id)).toEqual(['before the backup', 'me too', 'and on we go']);
    } finally {
      await Promise.all([anna.close(), ben.close()]);
    }
  });

  test('a backup that is taken while people write is one consistent state', async ({ folder, serve, run }) => {
    const [data, file, elsewhere] = [
      joinPath(folder, 'data'),
      joinPath(folder, 'now.db'),
      joinPath(folder, 'elsewhere'),
    ];
    const url = await serve(['--data', data]).address();
    const { anna, conversationId } = await registerPair(url);
    const wire = await Wire.live(url, anna);
    let isWriting = true;
    wire.socket.addEventListener('message', ({ data: frame }) => {
      if (isWriting && String(frame).includes('"msg_ack"')) wire.say(conversationId, 'x'.repeat(500));
    });
    for (let count = 0; count < 10; count += 1) wire.say(conversationId, 'first');
    await wire.next('msg_ack', ({ seq }) => (seq ?? 0) > 50);
    const acknowledgedBefore = Math.max(...wire.of('msg_ack').map(({ seq }) => seq ?? 0));
    const backup = await run(['backup', file, '--data', data]);
    const acknowledgedAfter = Math.max(...wire.of('msg_ack').map(({ seq }) => seq ?? 0));
    isWriting = false;
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.output).toContain('The signing key is not in it');
    expect((await stat(file)).mode & 0o077).toBe(0);

    expect(await run(['restore', file, '--data', elsewhere])).toMatchObject({ code: 0 });
    expect(await run(['audit', '--data', elsewhere])).toMatchObject({ code: 0 });
    await copyFile(joinPath(data, 'secrets.json'), joinPath(elsewhere, 'secrets.json'));
    const log = await readLog(await serve(['--data', elsewhere]).address(), anna.access_token, conversationId);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(log.length).toBeGreaterThanOrEqual(acknowledgedBefore);
    expect(log.length).toBeLessThanOrEqual(acknowledgedAfter + 10);
    console.log(
      `backup while writing: ${acknowledgedBefore} acknowledged before, ${log.length} in it, ${acknowledgedAfter} acknowledged after`,
    );
  });

  test('what cannot be done is a sentence, and nothing is overwritten', async ({ folder, serve, run }) => {
    const [data, file] = [joinPath(folder, 'data'), joinPath(folder, 'backup.db')];
    const server = serve(['--data', data]);
    const url = await server.address();
    expect((await run(['backup', file, '--data', data])).code).toBe(0);
    const sentence = async (...args: string[]): Promise<string> => {
      const { code, output, errors } = await run(args);
      expect({ code, output }).toEqual({ code: 1, output: '' });
      expect(errors).not.toContain('    at ');
      return errors.trimEnd();
    };
    expect(await sentence('backup', file, '--data', data)).toBe(
      `${file} is there already and was left as it is. Choose a new name.`,
    );
    expect(await sentence('backup', '--data', data)).toContain('Say where to: parley backup FILE');
    expect(await sentence('backup', joinPath(folder, 'none', 'b.db'), '--data', data)).toBe(
      `The folder ${joinPath(folder, 'none')} is not there or cannot be written by this user. Nothing was written; name another file.`,
    );
    expect(await sentence('backup', joinPath(folder, 'b.db'), '--data', joinPath(folder, 'nowhere'))).toContain(
      'nowhere',
    );
    expect(await sentence('restore', joinPath(folder, 'none.db'), '--data', data)).toBe(
      `There is no file ${joinPath(folder, 'none.db')}. Nothing was changed.`,
    );
    expect(await sentence('restore', file, '--data', data)).toBe(
      `The data directory ${data} is in use by another Parley process. Nothing was changed. Stop that process, or name another directory.`,
    );
    expect((await fetch(`${url}/health/ready`)).ok).toBe(true);
    const other = joinPath(folder, 'other');
    expect(await sentence('restore', import.meta.filename, '--data', other)).toContain('no Parley store');
    expect(await readdir(other)).toEqual(['parley.lock']);
  });
});
