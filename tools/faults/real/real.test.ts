import { expect, it } from 'vitest';
import { runReal } from './run-real.ts';
import { hasCompiler } from './unsynced-disk.ts';

/** Each step is a line, so that a slow machine is told from one that stands still. */
const onProgress = (line: string): void => console.log(line);
/** Well before the test's own: it ends with a sentence that says where everything stands. */
const bounds = { restWithinMs: 120_000, cycleWithinMs: 330_000 };

it('[SEND-1] real processes that are killed, frozen, cut off and starved of disk lose, double and reorder nothing', {
  timeout: 400_000,
}, async () => {
  const result = await runReal({ seed: 1, forMs: 0, only: [], ...bounds, onProgress });
  expect(result.explanations.join('\n')).toBe('');
  const { lost, duplicated, reordered, others } = result;
  expect({ lost, duplicated, reordered, others }).toEqual({ lost: 0, duplicated: 0, reordered: 0, others: 0 });
  expect(result.acknowledged).toBeGreaterThan(500);
});

it('[SEND-1] 50 kills of the real server while people write lose, double and skip nothing that was acknowledged', {
  timeout: 400_000,
}, async () => {
  const only = ['server killed'];
  const result = await runReal({ seed: 1, forMs: 0, only, faultsLeast: 50, ...bounds, onProgress });
  expect(result.explanations.join('\n')).toBe('');
  const { lost, duplicated, reordered, others } = result;
  expect({ lost, duplicated, reordered, others }).toEqual({ lost: 0, duplicated: 0, reordered: 0, others: 0 });
  expect(result.faults.get('server killed')).toBeGreaterThanOrEqual(50);
  expect(result.acknowledged).toBeGreaterThan(500);
});

const canCutPower = hasCompiler();
const why = canCutPower ? '' : ' (no C compiler; apt-get install gcc)';

it.skipIf(!canCutPower)(
  `a disk that only pretends to sync loses what was acknowledged, and that is found${why}`,
  {
    timeout: 400_000,
  },
  async () => {
    const request = {
      seed: 1,
      forMs: 0,
      only: ['power cut'],
      faultsMax: 1,
      ignoresFsync: true,
      rounds: 1,
      ...bounds,
      restWithinMs: 5_000,
    };
    const { lost } = await runReal({ ...request, onProgress });
    expect(lost).toBeGreaterThan(0);
  },
);
