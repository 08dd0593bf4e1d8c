import { explain } from '../checker/judge.ts';
import { runSeed } from './run-seed.ts';

const seed = Number(process.argv[2] ?? 1);
const t = performance.now();
const result = await runSeed(seed);
console.log(
  seed,
  JSON.stringify(result.topology),
  result.history.length,
  result.hash.slice(0, 12),
  (performance.now() - t).toFixed(0),
  'ms',
  result.violations.length,
);
for (const v of result.violations.slice(0, 3)) console.log(explain(result.history, v));
