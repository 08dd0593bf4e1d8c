import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/** One step of the gate: what it checks, and the command that checks it, run by this same Node. */
interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const stepTimeoutMs = 5 * 60_000;

const steps: readonly Step[] = [
  {
    name: 'format and lint',
    command: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  },
  { name: 'types', command: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'promises, switches, any', command: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'] },
  { name: 'import rules', command: ['tools/tidy/import-rules-main.ts'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  { name: 'tidy', command: ['tools/tidy/main.ts'] },
];

/** Runs servers, so it is left out where only the checks are wanted. Judges processor time and bytes, never a time or a rate: a busy machine may run it. */
const costOfMessage: Step = { name: 'what a message costs', command: ['tools/load/short-main.ts'] };

function secondsSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

function succeeds({ name, command }: Step): boolean {
  const startMs = performance.now();
  const run = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    timeout: stepTimeoutMs,
    maxBuffer: 64 * 2 ** 20,
  });
  const output = `${run.stdout}${run.stderr}`.trim();
  if (run.status === 0) {
    console.log(`ok    ${name}  ${secondsSince(startMs)}`);
    if (name === 'tidy' || name === costOfMessage.name) console.log(output);
    return true;
  }
  console.log(output);
  console.log(`FAIL  ${name}  ${secondsSince(startMs)}`);
  const ending = run.signal === null ? `ended with code ${run.status}` : `was ended by ${run.signal}`;
  console.log(`The gate stopped: "${name}" ${ending}. The steps after it, and the tests, were not run.`);
  console.log(`To repeat this step alone: node ${command.join(' ')}`);
  return false;
}

/**
 * What takes minutes because it kills processes or drives browsers. `npm test` runs it; the gate before a commit leaves it to that,
 * so that it stays under five minutes on two cores.
 */
const LONG_SUITES = ['tests/browser/**', 'tools/faults/real/**'] as const;

function runQuickTests(): number {
  console.log(`      tests, without ${LONG_SUITES.join(', ')} (npm test runs all)`);
  const excluded = LONG_SUITES.flatMap((pattern) => ['--exclude', pattern]);
  // Its output passes through untouched: the last line of the gate is the count of tests.
  return spawnSync('sh', ['bin/test', ...excluded], { stdio: 'inherit' }).status ?? 1;
}

const { values } = parseArgs({ options: { 'without-tests': { type: 'boolean', default: false } } });
const withTests = !values['without-tests'];
const isSound = steps.every(succeeds) && (!withTests || succeeds(costOfMessage));
if (!isSound) process.exitCode = 1;
else if (withTests) process.exitCode = runQuickTests();
