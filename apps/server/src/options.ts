/** Every setting of the server: flag, environment variable, default with its unit, and a sentence. `parley serve --help` prints this table. */
export interface OptionRow {
  readonly name: string;
  readonly env: string;
  readonly fallback: string;
  readonly help: string;
}

const option = (name: string, env: string, fallback: string, help: string): OptionRow => ({
  name,
  env,
  fallback,
  help,
});

export const OPTIONS = {
  host: option('host', 'PARLEY_HOST', '127.0.0.1', 'Address to listen on; 0.0.0.0 lets other machines in.'),
  port: option('port', 'PARLEY_PORT', '8080', 'TCP port; 0 takes a free one.'),
  data: option('data', 'PARLEY_DATA', 'data', 'Folder for everything that the server keeps.'),
  store: option(
    'store',
    'PARLEY_STORE',
    'sqlite',
    'sqlite keeps everything on disk; memory forgets everything at the end (for trials).',
  ),
  name: option('name', 'PARLEY_NAME', 'Parley', 'Name of this place, until its owner gives it another.'),
  registration: option(
    'registration',
    'PARLEY_REGISTRATION',
    'open',
    'open: anybody who reaches the server may make an account; invitation: with a link of the owner; closed: nobody. The owner may change between the first two.',
  ),
  origins: option(
    'origins',
    'PARLEY_ORIGINS',
    '',
    'Web addresses besides its own that may use the API from a browser, separated by commas.',
  ),
  trustedProxies: option(
    'trusted-proxies',
    'PARLEY_TRUSTED_PROXIES',
    '',
    'Addresses or networks of proxies in front, whose X-Forwarded-For is believed, separated by commas.',
  ),
  writesPerMinute: option(
    'writes-per-minute',
    'PARLEY_WRITES_PER_MINUTE',
    '100',
    'Messages and changes a user may write in a minute; 0 is no limit.',
  ),
  conversationWritesPerMinute: option(
    'conversation-writes-per-minute',
    'PARLEY_CONVERSATION_WRITES_PER_MINUTE',
    '6000',
    'Messages and changes that all members together may write in one conversation in a minute; 0 is no limit.',
  ),
  connectionsPerMinute: option(
    'connections-per-minute',
    'PARLEY_CONNECTIONS_PER_MINUTE',
    '10',
    'Connections a user may open in a minute, over all devices; 0 is no limit.',
  ),
  loginAttempts: option(
    'login-attempts',
    'PARLEY_LOGIN_ATTEMPTS',
    '10',
    'Attempts to log in to one account from one address in 15 minutes; 0 is no limit.',
  ),
  requestsPerMinute: option(
    'requests-per-minute',
    'PARLEY_REQUESTS_PER_MINUTE',
    '1200',
    'HTTP requests a user or address may make in a minute; 0 is no limit.',
  ),
  groupMembersMax: option('group-members-max', 'PARLEY_GROUP_MEMBERS_MAX', '1024', 'Members of a group.'),
  readers: option('readers', 'PARLEY_READERS', '1', 'Threads that read the SQLite store.'),
  logLevel: option('log-level', 'PARLEY_LOG_LEVEL', 'info', 'debug, info, warn or error.'),
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

/** The help text of `parley serve`. */
export function optionsHelp(): string {
  const rows = Object.values(OPTIONS).map(
    (row) => [`--${row.name}`, row.env, row.fallback === '' ? '-' : row.fallback, row.help] as const,
  );
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length)) + 2;
  return rows
    .map((row) => `  ${row[0].padEnd(width(0))}${row[1].padEnd(width(1))}${row[2].padEnd(width(2))}${row[3]}`)
    .join('\n');
}
