import { isPeerName, PEERS } from './peers/peers.ts';
import type { Settings } from './scenarios/scenario.ts';

/** What the command line of the bench asks for. */
export interface Request {
  readonly scenarios: readonly string[];
  readonly settings: Settings;
  readonly out: string | undefined;
  readonly directory: string | undefined;
  readonly compare: readonly [string, string] | undefined;
}

export const USAGE = `npm run bench -- B1 [B2 …] [--name value …]
npm run bench -- --compare one.json other.json

  --codec binary|json     encoding of the frames (binary)
  --text-bytes N          bytes of a message text (200)
  --rounds N              rounds, in turn with the floor (3)
  --seconds N             measured seconds a round (8)
  --warm-up N             seconds before them (2)
  --processes N           driver processes at least (1)
  --peer ws,redis,ejabberd,socket.io
                          B1 to B4 beside other servers, round by round (see tools/load/peers)
  --beside FOLDER         B1 to B4 beside another checkout of Parley, round by round: before and after
  --directory PATH        where the stores are made (the temporary folder): the disk that is measured
  --out FILE              result as JSON (.parley/bench.json)
  Anything else is a number for the scenario, such as --clients 1000 --in-flight 32 --per-second 10000.
`;

/** Reads the command line; throws a sentence when it makes no sense. */
export function readArguments(args: readonly string[]): Request {
  const at = args.indexOf('--compare');
  const [one, other] = at < 0 ? [] : args.slice(at + 1, at + 3);
  if (at >= 0 && (one === undefined || other === undefined)) throw new Error('--compare needs two files.');
  const compare = one === undefined || other === undefined ? undefined : ([one, other] as const);
  const values = new Map<string, string>();
  const scenarios: string[] = [];
  for (let index = 0; index < (compare === undefined ? args.length : 0); index += 1) {
    const word = args[index] ?? '';
    if (!word.startsWith('--')) scenarios.push(word.toUpperCase());
    else {
      index += 1;
      const value = args[index];
      if (value === undefined) throw new Error(`${word} needs a value.`);
      values.set(word.slice(2), value);
    }
  }
  const take = (name: string): string | undefined => {
    const value = values.get(name);
    values.delete(name);
    return value;
  };
  const number = (name: string, fallback: number): number => numberOf(name, take(name) ?? String(fallback));
  const codec = take('codec') ?? 'binary';
  if (codec !== 'binary' && codec !== 'json') throw new Error('--codec is binary or json.');
  const peers = (take('peer')?.split(',') ?? []).map((name) => {
    if (!isPeerName(name)) throw new Error(`There is no peer "${name}": ${Object.keys(PEERS).join(', ')}.`);
    return name;
  });
  const [out, directory] = [take('out'), take('directory')];
  const settings = {
    codec,
    textBytes: number('text-bytes', 200),
    rounds: number('rounds', 3),
    durationMs: number('seconds', 8) * 1_000,
    warmUpMs: number('warm-up', 2) * 1_000,
    processes: number('processes', 1),
    peers,
    beside: take('beside'),
    numbers: new Map([...values].map(([name, value]) => [name, numberOf(name, value)])),
  } as const;
  return { scenarios, settings, out, directory, compare };
}

function numberOf(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new Error(`--${name} must be a number, not "${value}".`);
  return number;
}
