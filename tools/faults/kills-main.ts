import { runKills } from './kills.ts';

/** `npm run kills -- 50`: prints the counts that `kills.test.ts` asserts. */
const kills = Number(process.argv[2] ?? 50);
const result = await runKills(kills, (done, acknowledged) =>
  process.stderr.write(`  ${done} of ${kills} kills, ${acknowledged} acknowledged\r`),
);
process.stdout.write(
  `${result.kills} kills: acknowledged ${result.acknowledged}, lost ${result.lost}, duplicated ${result.duplicated}, gaps ${result.gaps}` +
    ` (stored without an acknowledgement that arrived, which is allowed: ${result.storedUnacknowledged})\n`,
);
process.exitCode = result.lost + result.duplicated + result.gaps === 0 ? 0 : 1;
