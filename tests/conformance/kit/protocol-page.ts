import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

const rowsOf = (pattern: RegExp): ReadonlyMap<string, readonly string[]> =>
  new Map([...PAGE.matchAll(pattern)].map((match) => [match[1] ?? '', match.slice(2)]));

/** Ids of all rules that docs/protocol.md writes down, in its order. */
export const WRITTEN_RULES: readonly string[] = [...PAGE.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(
  ([, id = '']) => id,
);

/** The table of errors: code → status, retry, title. */
export const WRITTEN_ERRORS = rowsOf(/^\| `([A-Z_]+)` \| (\d+) \| (\w+) \| (.+) \|$/gm);

/** The table of close codes: code → name, advice, reason. */
export const WRITTEN_CLOSES = rowsOf(/^\| (\d{4}) \| `([A-Z_]+)` \| (\w+) \| (.+) \|$/gm);
