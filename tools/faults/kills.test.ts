import { expect, it } from 'vitest';
import { runKills } from './kills.ts';

it('[SEND-1] 50 kills of the real server under load lose, double and skip nothing that was acknowledged', {
  timeout: 240_000,
}, async () => {
  const result = await runKills(50, () => undefined);
  expect(result.acknowledged).toBeGreaterThan(500);
  expect({ lost: result.lost, duplicated: result.duplicated, gaps: result.gaps }).toEqual({
    lost: 0,
    duplicated: 0,
    gaps: 0,
  });
});
