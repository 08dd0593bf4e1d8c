import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** One broken import rule; `sentence` tells the person who broke it what to do. */
interface BrokenImport {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly sentence: string;
}

/** What a look at all imports below a root found; `modules` are the paths of every module it really read. */
export interface ImportReport {
  readonly rules: readonly string[];
  readonly modules: readonly string[];
  readonly broken: readonly BrokenImport[];
}

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment?: string }[] };
  };
}

const rooms = ['packages', 'adapters', 'apps', 'tools', 'tests'];
const cruiser = join(import.meta.dirname, '../../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** Compares every import below `root` with its `.dependency-cruiser.cjs`; throws when that could not be done. */
export function checkImports(root: string): ImportReport {
  const folders = rooms.filter((room) => existsSync(join(root, room)));
  const run = spawnSync(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 2 ** 20 },
  );
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${run.stderr}${run.stdout}`);
  // The shape is dependency-cruiser's documented JSON output; the module count below would be 0 if it were not.
  const { modules, summary } = JSON.parse(run.stdout) as CruiseResult;
  const sentences = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment ?? '']));
  return {
    rules: [...sentences.keys()],
    modules: modules.map((module) => module.source),
    broken: summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      sentence: sentences.get(rule.name) ?? '',
    })),
  };
}
