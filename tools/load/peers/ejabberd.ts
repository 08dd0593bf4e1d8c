import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endWithUs } from '../children.ts';
import { XMPP_HOST, XMPP_PASSWORD, xmppName } from '../driver/xmpp-shape.ts';
import { addressed, freePort, type Peer } from './peer.ts';
import { startPostgres } from './postgres.ts';

/** Where Debian's package keeps its schema and its modules. */
const SCHEMA = '/usr/share/ejabberd/sql/pg.sql';
const LIBRARIES = '/usr/lib';
const READY_TRIES = 300;
const TRY_EVERY_MS = 100;
const POOL = 16;

/** Everything that slows it down and is not needed here is left out: TLS, traffic shaping, rosters, offline spool, federation. */
const configuration = (port: number, sqlPort: number): string => `
hosts: [${XMPP_HOST}]
loglevel: warning
auth_method: sql
auth_password_format: plain
auth_use_cache: true
disable_sasl_mechanisms: [digest-md5, X-OAUTH2, SCRAM-SHA-1, SCRAM-SHA-256, SCRAM-SHA-512]
default_db: sql
sql_type: pgsql
sql_server: 127.0.0.1
sql_port: ${sqlPort}
sql_database: postgres
sql_username: postgres
sql_password: ${XMPP_PASSWORD}
sql_pool_size: ${POOL}
sql_prepared_statements: true
listen:
  - port: ${port}
    ip: 127.0.0.1
    module: ejabberd_http
    backlog: 4096
    request_handlers:
      /ws: ejabberd_http_ws
modules:
  mod_mam:
    default: always
    db_type: sql
    use_cache: true
  mod_stream_mgmt:
    resend_on_timeout: false
    max_ack_queue: infinity
    ack_timeout: infinity
`;

/** Debian's package makes a user for it: as root it runs as that one. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'ejabberd'], { encoding: 'utf8' })));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** The folder with the Erlang libraries; its name holds the architecture. */
function librariesFolder(): string {
  for (const name of readdirSync(LIBRARIES))
    if (name.endsWith('-linux-gnu') && readdirSync(join(LIBRARIES, name)).some((one) => one.startsWith('ejabberd-')))
      return join(LIBRARIES, name);
  throw new Error('ejabberd is not installed: the Debian packages are ejabberd and erlang-p1-pgsql.');
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });

export const ejabberd: Peer = {
  name: 'ejabberd',
  acknowledges:
    "stream management's answer (XEP-0198): the row in the sender's archive (mod_mam) is committed in PostgreSQL; the recipient's is before the delivery",
  async start(plan) {
    if (!existsSync(SCHEMA)) throw new Error('ejabberd is not installed: the Debian package is ejabberd.');
    const seats = addressed(plan, xmppName).map((seat) => ({ ...seat, path: '/ws' }));
    const [port, sqlPort] = [await freePort(), await freePort()];
    const postgres = await startPostgres(plan.directory, sqlPort);
    postgres.run(readFileSync(SCHEMA, 'utf8'));
    const top = Math.max(...seats.map(({ seat }) => seat));
    postgres.run(
      `INSERT INTO users (username, password) SELECT 'seat' || n, '${XMPP_PASSWORD}' FROM generate_series(0, ${top}) n`,
    );
    const { uid, gid } = owner();
    const home = join(plan.directory, 'ejabberd');
    mkdirSync(home);
    writeFileSync(join(home, 'ejabberd.yml'), configuration(port, sqlPort));
    if (uid !== undefined && gid !== undefined) chownSync(home, uid, gid);
    const args = [
      '-noinput',
      '+K',
      'true',
      '+P',
      '250000',
      '+Q',
      '65536',
      '-mnesia',
      'dir',
      `"${join(home, 'mnesia')}"`,
    ];
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: home,
      ERL_LIBS: librariesFolder(),
      EJABBERD_CONFIG_PATH: join(home, 'ejabberd.yml'),
      EJABBERD_LOG_PATH: join(home, 'ejabberd.log'),
    };
    const how = { stdio: 'ignore', cwd: home, uid, gid, env } as const;
    const child: ChildProcess = spawn('erl', [...args, '-s', 'ejabberd'], how);
    endWithUs(child);
    const stop = (): void => {
      child.kill('SIGKILL');
      postgres.stop();
    };
    for (let tries = 0; tries < READY_TRIES; tries += 1) {
      if (await answers(port))
        return {
          url: `http://127.0.0.1:${port}`,
          pids: [child.pid ?? 0, postgres.pid],
          dialect: 'xmpp',
          seats,
          stop,
        };
      await wait(TRY_EVERY_MS);
    }
    stop();
    throw new Error(`ejabberd did not listen within ${(READY_TRIES * TRY_EVERY_MS) / 1_000} s.`);
  },
};
