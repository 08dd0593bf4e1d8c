import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readArguments, USAGE } from './arguments.ts';
import { exitOnSignals } from './children.ts';
import { compareFiles } from './report/compare.ts';
import { type BenchResult, tableOf } from './report/figures.ts';
import { runScenario } from './run-scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';

/** `npm run bench -- B1`: what Parley does on this machine, beside what the machine can do at all. See docs/performance.md. */
exitOnSignals();
const request = readArguments(process.argv.slice(2));
const out = request.out ?? '.parley/bench.json';
const known = new Map(SCENARIOS.map((scenario) => [scenario.name, scenario]));
const unknown = request.scenarios.filter((name) => !known.has(name));

if (request.compare !== undefined) process.stdout.write(compareFiles(...request.compare));
else if (request.scenarios.length === 0 || unknown.length > 0) {
  const list = SCENARIOS.map(({ name, title, about }) => `  ${name.padEnd(4)} ${title}: ${about}`).join('\n');
  process.stdout.write(`${unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n` : ''}${USAGE}\n${list}\n`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const results: BenchResult[] = [];
  for (const name of request.scenarios) {
    const scenario = known.get(name);
    if (scenario === undefined) continue;
    const result = await runScenario(scenario, request.settings, request.directory);
    process.stdout.write(tableOf(result));
    results.push(result);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(results)}\n`);
  }
}
