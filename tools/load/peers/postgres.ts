import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endWithUs } from '../children.ts';

/** Where Debian keeps the programs; elsewhere they are looked for on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const READY_TRIES = 100;
const TRY_EVERY_MS = 100;

const programs = (): string => {
  if (!existsSync(DEBIAN)) return '';
  const newest = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))[0];
  return newest === undefined ? '' : join(DEBIAN, newest, 'bin');
};

/** PostgreSQL refuses to run as root: then it runs as the user that the Debian package made. */
const asUser = (command: readonly string[]): readonly [string, ...string[]] =>
  process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', ...command] : ['env', ...command];

export interface PostgresProcess {
  readonly pid: number;
  /** Folder of its socket. */
  readonly host: string;
  /** Runs SQL as its only user. */
  run(sql: string): void;
  stop(): void;
}

/**
 * A PostgreSQL of its own in a temporary folder, with its defaults for durability: fsync and synchronous_commit on. A commit returns when its log record is flushed.
 * `port`: of loopback, for who cannot use its socket.
 */
export async function startPostgres(parent: string, port?: number): Promise<PostgresProcess> {
  const folder = join(parent, 'postgres');
  const data = join(folder, 'data');
  mkdirSync(folder);
  if (process.getuid?.() === 0) {
    chmodSync(parent, 0o711);
    const [user, group] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
    );
    chownSync(folder, user ?? 0, group ?? 0);
  }
  const run = (name: string, ...args: readonly string[]): readonly [string, ...string[]] =>
    asUser([join(programs(), name), ...args]);
  const [init, ...initArgs] = run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--locale=C', '-E', 'UTF8');
  execFileSync(init, initArgs, { stdio: 'ignore', cwd: folder });
  const listening = port === undefined ? ['listen_addresses='] : ['listen_addresses=127.0.0.1', `port=${port}`];
  const settings = [...listening, 'shared_buffers=256MB', 'max_connections=64', 'max_wal_size=4GB'];
  const [serve, ...serveArgs] = run('postgres', '-D', data, '-k', folder, ...settings.flatMap((line) => ['-c', line]));
  const child: ChildProcess = spawn(serve, serveArgs, { stdio: 'ignore', cwd: folder });
  endWithUs(child, 'SIGINT');
  const portArgs = port === undefined ? [] : ['-p', String(port)];
  const [ask, ...askArgs] = run('pg_isready', '-h', folder, '-q', ...portArgs);
  for (let tries = 0; tries < READY_TRIES; tries += 1) {
    try {
      execFileSync(ask, askArgs, { cwd: folder });
      return {
        pid: child.pid ?? 0,
        host: folder,
        run: (input) => {
          const [psql, ...psqlArgs] = run('psql', '-h', folder, '-q', '-v', 'ON_ERROR_STOP=1', ...portArgs);
          execFileSync(psql, [...psqlArgs, '-d', 'postgres', '-U', 'postgres'], { input, cwd: folder });
        },
        stop: () => void child.kill('SIGINT'),
      };
    } catch {
      await wait(TRY_EVERY_MS);
    }
  }
  throw new Error('PostgreSQL did not become ready within 10 s.');
}
