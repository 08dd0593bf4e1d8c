import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants.ts';
import { type MutantResult, MutantTree } from './run-mutant.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '150' },
    only: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});

/** `npm run mutants`: plants every fault, one at a time, and says which invariant caught it after how many seeds. */
const wanted = MUTANTS.filter(({ name }) => values.only === undefined || name.includes(values.only));
const waiting = [...wanted];
const results: MutantResult[] = [];

async function work(): Promise<void> {
  const tree = await MutantTree.open();
  try {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const result = await tree.run(mutant, Number(values.seeds));
      results.push(result);
      const outcome = result.caughtBy ?? (result.failure === undefined ? '**survived**' : '**not known**');
      console.log(
        `| ${mutant.name} | ${mutant.breaks} | ${outcome} | ${result.seeds} | ${result.what.slice(0, 110).replaceAll('|', '/')} |`,
      );
    }
  } finally {
    await tree.close();
  }
}

const sound = await MutantTree.open();
await sound.proveSound(Number(values.seeds));
await sound.close();

console.log('| planted fault | breaks | caught by | seeds | what the checker said |\n|---|---|---|---|---|');
await Promise.all(Array.from({ length: Number(values.workers) }, work));
const failures = results.filter(({ failure }) => failure !== undefined);
for (const { mutant, failure } of failures) console.error(`The command failed at "${mutant.name}": ${failure}`);
const caught = results.filter(({ caughtBy }) => caughtBy !== undefined).length;
console.log(`${caught} of ${results.length} planted faults were caught`);
process.exitCode = caught === results.length ? 0 : 1;
