import { mkdir, readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from './scene.ts';
import { NOBODY_MAY_READ, privilegedPort, unprivileged } from './unprivileged.ts';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('starting', () => {
  test('the first start makes the data folder for its own user only; the second finds everything', async ({
    folder,
    serve,
  }) => {
    const data = join(folder, 'data');
    const startedAt = performance.now();
    const first = serve(['--data', data]);
    const url = await first.address();
    const firstMs = performance.now() - startedAt;
    expect(first.output).toContain(`Kept in    ${data} (SQLite)`);
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'ready' });
    expect(await modeOf(data)).toBe('700');
    expect(await modeOf(join(data, 'secrets.json'))).toBe('600');
    expect(await first.end('SIGTERM')).toBe(0);

    const secondStartedAt = performance.now();
    await serve(['--data', data]).address();
    console.log(
      `ready: first start ${Math.round(firstMs)} ms, second start ${Math.round(performance.now() - secondStartedAt)} ms (with the start of the process, on a machine that does other work)`,
    );
  });

  test('in a folder that was there before, others may read nothing either', async ({ folder, serve }) => {
    const data = join(folder, 'data');
    await mkdir(data, { mode: 0o755 });
    await serve(['--data', data]).address();
    const modes = await Promise.all((await readdir(data)).map((name) => modeOf(join(data, name))));
    expect(modes.length).toBeGreaterThanOrEqual(3);
    expect(new Set(modes)).toEqual(new Set(['600']));
  });

  test('a server that forgets everything writes no file', async ({ folder, serve }) => {
    const data = join(folder, 'data');
    const server = serve(['--data', data, '--store', 'memory']);
    await server.address();
    expect(server.output).toContain('everything is forgotten at the end');
    await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('all problems of a configuration are told at once, from flags and environment', async ({ run }) => {
    const { code, output, errors } = await run(
      ['serve', '--port', 'many', '--colour=red', '--store', 'tape', '--name'],
      {
        environment: { PARLEY_READERS: '0' },
      },
    );
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toBe(
      'Nothing was started. "--colour" is no option: see "parley serve --help". --name needs a value. ' +
        '--port (PARLEY_PORT) must be a whole number from 0 to 65535, not "many". ' +
        '--store (PARLEY_STORE) must be sqlite or memory, not "tape". ' +
        '--readers (PARLEY_READERS) must be a whole number from 1 to 16, not "0".\n',
    );
  });

  test('a port that is in use is a sentence that names another', async ({ folder, run }) => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    try {
      const { code, errors } = await run(['serve', '--port', String(port), '--data', join(folder, 'data')]);
      expect(code).toBe(1);
      expect(errors).toBe(
        `The server was not started: something else already listens on 127.0.0.1:${port}. Stop it, or choose another port: --port 8081.\n`,
      );
    } finally {
      other.close();
    }
  });

  test('a host that is none of this machine is a sentence', async ({ run }) => {
    // An address for documentation, which no machine has (RFC 5737).
    for (const host of ['192.0.2.1', 'nowhere.invalid']) {
      const { code, errors } = await run(['serve', '--port', '0', '--store', 'memory', '--host', host]);
      expect(code).toBe(1);
      expect(errors).toBe(
        `The server was not started: this machine has no address "${host}". Use 127.0.0.1 for this machine only or 0.0.0.0 for all.\n`,
      );
    }
  });

  test('a port that only root may take is a sentence', async ({ run, skip }) => {
    const somebody = unprivileged();
    skip(somebody === undefined, NOBODY_MAY_READ);
    const port = await privilegedPort();
    skip(port === undefined, 'On this machine every user may take every port.');
    const { code, errors } = await run(['serve', '--port', String(port), '--store', 'memory'], somebody);
    expect(code).toBe(1);
    expect(errors).toBe(
      `The server was not started: this user may not listen on 127.0.0.1:${port}. Choose a port above 1023.\n`,
    );
  });

  test('a second server on the same data is refused, and the first goes on', async ({ folder, serve }) => {
    const data = join(folder, 'data');
    const first = serve(['--data', data]);
    const url = await first.address();
    const second = serve(['--data', data]);
    expect(await second.ended).toBe(1);
    expect(second.errors).toBe(
      `The data directory ${data} is in use by another Parley process. Nothing was changed. Stop that process, or name another directory.\n`,
    );
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'ready' });
    await first.end('SIGKILL');
    await serve(['--data', data]).address();
  });
});
