import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSeeds } from '../simulation/run-seeds.ts';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What a simulation needs of the tree. */
const FOLDERS = ['packages', 'adapters/memory', 'tools/faults'];
/** Of all seeds of one fault. A seed that hangs is ended long before by its own bound; this only ends what a busy machine would never finish. */
const DEADLINE_MS = 1_200_000;

export interface MutantResult {
  readonly mutant: Mutant;
  /** The invariant, or `thrown`: an error. Undefined: it survived, or it is not known (`failure`). */
  readonly caughtBy: string | undefined;
  /** Why the seeds say nothing of the fault: not all ended in time, or a worker was ended from outside. */
  readonly failure: string | undefined;
  readonly seeds: number;
  readonly what: string;
}

/** A copy of the source in a temporary folder, in which faults can be planted one after the other. */
export class MutantTree {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<MutantTree> {
    const root = await mkdtemp(join(tmpdir(), 'parley-mutants-'));
    const isSource = (path: string): boolean => !path.includes('/node_modules') && !path.includes('/dist');
    for (const folder of FOLDERS)
      await cp(join(ROOT, folder), join(root, folder), { recursive: true, filter: isSource });
    await cp(join(ROOT, 'package.json'), join(root, 'package.json'));
    // npm packages are the same; packages of our own are the copies.
    const own = join(root, 'node_modules', '@parley');
    await mkdir(own, { recursive: true });
    for (const name of await readdir(join(ROOT, 'node_modules')))
      if (name !== '@parley' && name !== '.bin')
        await symlink(join(ROOT, 'node_modules', name), join(root, 'node_modules', name));
    for (const folder of await readdir(join(root, 'packages')))
      await symlink(join(root, 'packages', folder), join(own, folder));
    await symlink(join(root, 'adapters', 'memory'), join(own, 'memory'));
    return new MutantTree(root);
  }

  close(): Promise<void> {
    return rm(this.#root, { recursive: true, force: true });
  }

  /** The copy without any fault. Throws when a seed fails already, or not all could be run: then no mutant would prove anything. */
  async proveSound(seeds: number): Promise<void> {
    const program = join(this.#root, 'tools/faults/simulation/worker.ts');
    const request = { from: 1, seeds, workers: 2, stopAtFirst: true, program, deadlineMs: DEADLINE_MS };
    const { reports, ended = '' } = await runSeeds(request, () => undefined);
    const failed = reports.find(({ broken }) => broken !== null);
    if (failed !== undefined)
      throw new Error(`Seed ${failed.seed} fails without a planted fault: mend that first. ${failed.broken?.what}`);
    if (reports.length < seeds)
      throw new Error(`Only ${reports.length} of ${seeds} seeds ended without a planted fault. ${ended}`);
  }

  /** Plants the fault, runs seeds until one fails, takes the fault out again. */
  async run(mutant: Mutant, seedsMax: number): Promise<MutantResult> {
    const path = join(this.#root, mutant.file);
    const source = await readFile(path, 'utf8');
    await writeFile(path, mutated(mutant, source));
    try {
      const program = join(this.#root, 'tools/faults/simulation/worker.ts');
      const request = { from: 1, seeds: seedsMax, workers: 1, stopAtFirst: true, program, deadlineMs: DEADLINE_MS };
      const { reports, hung, ended } = await runSeeds(request, () => undefined);
      const broken = reports.find((report) => report.broken !== null)?.broken;
      const seeds = reports.length;
      if (broken !== undefined && broken !== null)
        return { mutant, caughtBy: broken.invariant, failure: undefined, seeds, what: broken.what };
      const failure = hung ? `Only ${seeds} of ${seedsMax} seeds ended in time.` : ended;
      return { mutant, caughtBy: undefined, failure, seeds, what: failure ?? '' };
    } finally {
      await writeFile(path, source);
    }
  }
}

/** The source with the fault in it. Throws when the text to replace is not there exactly once: the source has moved on, and so must the mutant. */
export function mutated({ name, find, put, file }: Mutant, source: string): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`"${name}" does not apply: its text stands ${places} times in ${file}, not once.`);
  return source.replace(find, () => put);
}

export const readSource = (mutant: Mutant): Promise<string> => readFile(join(ROOT, mutant.file), 'utf8');
