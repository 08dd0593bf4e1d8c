import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { OPTIONS, type OptionName } from './options.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly store: 'sqlite' | 'memory';
  readonly serverName: string;
  readonly registration: 'open' | 'invitation' | 'closed';
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly writesPerMinute: number;
  readonly conversationWritesPerMinute: number;
  readonly connectionsPerMinute: number;
  readonly loginAttempts: number;
  readonly requestsPerMinute: number;
  readonly groupMembersMax: number;
  readonly readerCount: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** All problems of a configuration together, each a sentence. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Nothing was started. ${problems.join(' ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `--name value` and `--name=value`. Unknown flags and flags without a value are problems. */
function readFlags(args: readonly string[], problems: string[]): ReadonlyMap<string, string> {
  const known = new Set<string>(Object.values(OPTIONS).map((row) => row.name));
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const [flag = '', inline] = (args[index] ?? '').split(/=(.*)/s, 2);
    const name = flag.replace(/^--/, '');
    if (!flag.startsWith('--') || !known.has(name)) {
      // What follows an unknown flag is its value: one mistake is one problem.
      if (flag.startsWith('--') && inline === undefined && args[index + 1]?.startsWith('--') === false) index += 1;
      problems.push(`"${flag}" is no option: see "parley serve --help".`);
      continue;
    }
    const value = inline ?? args[index + 1];
    if (inline === undefined) index += 1;
    if (value === undefined) problems.push(`--${name} needs a value.`);
    else flags.set(name, value);
  }
  return flags;
}

/**
 * Flags before environment before defaults, decided once and frozen.
 * @throws ConfigError with every problem, none of them half applied.
 */
export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const text = (name: OptionName): string =>
    flags.get(OPTIONS[name].name) ?? environment[OPTIONS[name].env] ?? OPTIONS[name].fallback;
  const label = (name: OptionName): string => `--${OPTIONS[name].name} (${OPTIONS[name].env})`;

  const whole = (name: OptionName, min: number, max: number): number => {
    const value = Number(text(name));
    if (Number.isInteger(value) && value >= min && value <= max && text(name).trim() !== '') return value;
    problems.push(`${label(name)} must be a whole number from ${min} to ${max}, not "${text(name)}".`);
    return min;
  };
  const oneOf = <T extends string>(name: OptionName, values: readonly T[]): T => {
    const value = values.find((candidate) => candidate === text(name));
    if (value !== undefined) return value;
    problems.push(`${label(name)} must be ${values.join(' or ')}, not "${text(name)}".`);
    // The cast holds: every caller gives at least one value; the problem above keeps it from being used.
    return values[0] as T;
  };
  const list = (name: OptionName): string[] =>
    text(name)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const origins = (): string[] => {
    const all = list('origins');
    for (const origin of all) {
      if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
      problems.push(`${label('origins')} must list addresses such as https://chat.example.org, not "${origin}".`);
    }
    return all;
  };

  const networks = (): string[] => {
    const all = list('trustedProxies');
    for (const network of all) {
      if (isNetwork(network)) continue;
      problems.push(
        `${label('trustedProxies')} must list addresses or networks such as 127.0.0.1 or 10.0.0.0/8, not "${network}".`,
      );
    }
    return all;
  };

  const data = text('data');
  const config: Config = Object.freeze({
    host: text('host'),
    port: whole('port', 0, 65_535),
    dataDirectory: isAbsolute(data) ? data : resolve(environment.INIT_CWD ?? process.cwd(), data),
    store: oneOf('store', ['sqlite', 'memory']),
    serverName: text('name').slice(0, 100),
    registration: oneOf('registration', ['open', 'invitation', 'closed']),
    allowedOrigins: Object.freeze(origins()),
    trustedProxies: Object.freeze(networks()),
    writesPerMinute: whole('writesPerMinute', 0, 1_000_000_000),
    conversationWritesPerMinute: whole('conversationWritesPerMinute', 0, 1_000_000_000),
    connectionsPerMinute: whole('connectionsPerMinute', 0, 1_000_000_000),
    loginAttempts: whole('loginAttempts', 0, 1_000_000),
    requestsPerMinute: whole('requestsPerMinute', 0, 1_000_000_000),
    groupMembersMax: whole('groupMembersMax', 2, 100_000),
    readerCount: whole('readers', 1, 16),
    logLevel: oneOf('logLevel', ['debug', 'info', 'warn', 'error']),
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** An address, or an address and the length of a prefix of it. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits);
}
