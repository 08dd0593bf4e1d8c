import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { OPTIONS, optionsHelp } from './options.ts';

const problemsOf = (args: readonly string[], environment: Record<string, string> = {}): readonly string[] => {
  try {
    readConfig(args, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('reading the configuration', () => {
  it('has a default for everything, local and durable', () => {
    expect(readConfig([], { INIT_CWD: '/srv/chat' })).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDirectory: '/srv/chat/data',
      store: 'sqlite',
      serverName: 'Parley',
      registration: 'open',
      allowedOrigins: [],
      trustedProxies: [],
      writesPerMinute: 100,
      conversationWritesPerMinute: 6_000,
      connectionsPerMinute: 10,
      loginAttempts: 10,
      requestsPerMinute: 1_200,
      groupMembersMax: 1_024,
      readerCount: 1,
      logLevel: 'info',
    });
  });

  it('takes flags before the environment before defaults, in both spellings of a flag', () => {
    const environment = { PARLEY_PORT: '1', PARLEY_HOST: '0.0.0.0' };
    expect(readConfig(['--port', '2', '--name=a=b'], environment)).toMatchObject({
      port: 2,
      host: '0.0.0.0',
      serverName: 'a=b',
    });
  });

  it('cannot be changed afterwards', () => {
    const config = readConfig(['--origins', 'https://a.example'], {});
    expect(Object.isFrozen(config) && Object.isFrozen(config.allowedOrigins)).toBe(true);
  });

  it('reads lists with spaces and empty places', () => {
    const config = readConfig(['--trusted-proxies', ' 10.0.0.0/8, ,::1 ', '--origins=https://a.example'], {});
    expect(config).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '::1'],
      allowedOrigins: ['https://a.example'],
    });
  });

  it.each([
    [['--port', '-1'], '--port (PARLEY_PORT) must be a whole number from 0 to 65535, not "-1".'],
    [['--port', '8080.5'], '--port (PARLEY_PORT) must be a whole number from 0 to 65535, not "8080.5".'],
    [['--port', ''], '--port (PARLEY_PORT) must be a whole number from 0 to 65535, not "".'],
    [['--port='], '--port (PARLEY_PORT) must be a whole number from 0 to 65535, not "".'],
    [['--readers', '17'], '--readers (PARLEY_READERS) must be a whole number from 1 to 16, not "17".'],
    [['--store', 'SQLite'], '--store (PARLEY_STORE) must be sqlite or memory, not "SQLite".'],
    [['--registration', 'no'], '--registration (PARLEY_REGISTRATION) must be open or invitation or closed, not "no".'],
    [
      ['--origins', 'a.example'],
      '--origins (PARLEY_ORIGINS) must list addresses such as https://chat.example.org, not "a.example".',
    ],
    [
      ['--origins', 'https://a.example/path'],
      '--origins (PARLEY_ORIGINS) must list addresses such as https://chat.example.org, not "https://a.example/path".',
    ],
    [['8080'], '"8080" is no option: see "parley serve --help".'],
    [['--host'], '--host needs a value.'],
  ])('says what is wrong with %j', (args, sentence) => {
    expect(problemsOf(args)).toEqual([sentence]);
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/', '::1/0', '10.0.0.0/8/8', '300.0.0.1'])(
    'does not take %s for a trusted proxy',
    (network) => {
      expect(problemsOf(['--trusted-proxies', `127.0.0.1,${network}`])).toEqual([
        `--trusted-proxies (PARLEY_TRUSTED_PROXIES) must list addresses or networks such as 127.0.0.1 or 10.0.0.0/8, not "${network}".`,
      ]);
    },
  );

  it('collects the problems of flags and environment alike', () => {
    const problems = problemsOf(['--store', 'tape', '--colour', 'red'], { PARLEY_LOG_LEVEL: 'loud' });
    expect(problems).toHaveLength(3);
  });
});

describe('the help of serve', () => {
  it('has a line for every option with flag, environment variable and default', () => {
    const lines = optionsHelp().split('\n');
    const rows = Object.values(OPTIONS);
    expect(lines).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      expect(lines[index]).toContain(`--${row.name} `);
      expect(lines[index]).toContain(row.env);
      expect(lines[index]).toContain(row.fallback);
      expect(lines[index]).toContain(row.help);
    }
  });
});
