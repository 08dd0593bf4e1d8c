import { parseArgs } from 'node:util';
import { runReal } from './run-real.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    /** Only faults whose names contain this: `--only killed`. */
    only: { type: 'string', multiple: true, default: [] },
    /** About so many faults in a cycle: `--only 'server killed' --faults 50`. */
    faults: { type: 'string' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** `npm run faults`: the real server, real devices, and everything that can go wrong between them. */
const result = await runReal({
  seed: Number(values.seed),
  forMs: Number(values.minutes) * 60_000,
  only: values.only,
  ...(values.faults === undefined ? {} : { faultsLeast: Number(values.faults) }),
  onProgress: (line) => void process.stderr.write(process.stderr.isTTY ? `\x1b[K  ${line}\r` : `  ${line}\n`),
});
for (const line of result.explanations) console.log(line);
for (const [name, times] of [...result.faults].sort()) console.log(`${String(times).padStart(6)}  ${name}`);
for (const lack of result.lacks) console.log(`  left out: ${lack}`);
const { cycles, seconds, acknowledged, lost, duplicated, reordered, others } = result;
const count = [...result.faults.values()].reduce((sum, times) => sum + times, 0);
console.log(`${cycles} cycles, ${seconds.toFixed(0)} s, ${count} faults; other violations: ${others}`);
console.log(`acknowledged ${acknowledged}, lost ${lost}, duplicated ${duplicated}, reordered ${reordered}`);
process.exitCode = result.explanations.length === 0 ? 0 : 1;
