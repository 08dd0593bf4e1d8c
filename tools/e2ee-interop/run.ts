import { makeParleyPeer } from './parley-peer.ts';
import { runSchedule, type ScheduleCounts, seededRandom } from './schedule.ts';

/**
 * Runs 100 random schedules in each role against libsignal: `node tools/e2ee-interop/run.ts [schedules] [first seed]`.
 * Prints the counts; exits with 1 after any mismatch.
 */
const MESSAGES_EACH_WAY = 100;

const schedules = Number(process.argv[2] ?? 100);
const firstSeed = Number(process.argv[3] ?? 1);

const { makeLibsignalPeer } = await import('./libsignal-peer.ts').catch((error: unknown) => {
  console.error('The interop peer is not installed. Run `npm install --ignore-scripts` in tools/e2ee-interop first.');
  throw error;
});

const { compareSafetyNumbers, compareSignatures } = await import('./primitives.ts');
const signatures = await compareSignatures();
const safetyNumbers = compareSafetyNumbers();
console.log('XEdDSA signatures, made and verified by either side:', signatures);
console.log('safety numbers:', safetyNumbers);

const totals = new Map<string, ScheduleCounts>();

for (const role of ['initiator', 'responder'] as const) {
  for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
    const random = seededRandom(seed * 2 + (role === 'initiator' ? 0 : 1));
    const hasOneTimePreKey = random() < 0.5;
    const ours = await makeParleyPeer(hasOneTimePreKey);
    const theirs = makeLibsignalPeer(hasOneTimePreKey);
    const [initiator, responder] = role === 'initiator' ? [ours, theirs] : [theirs, ours];
    await initiator.start(responder.bundle);
    const counts = await runSchedule(initiator, responder, MESSAGES_EACH_WAY, random);
    if (counts.mismatches > 0) console.error(`Mismatch: parley as ${role}, seed ${seed}.`, counts);
    totals.set(role, sum(totals.get(role), counts));
  }
}

let mismatches = signatures.mismatches + safetyNumbers.mismatches;
for (const [role, counts] of totals) {
  mismatches += counts.mismatches;
  console.log(`parley as ${role}, ${schedules} schedules, ${MESSAGES_EACH_WAY} messages each way:`, counts);
}
process.exitCode = mismatches === 0 ? 0 : 1;

function sum(one: ScheduleCounts | undefined, other: ScheduleCounts): ScheduleCounts {
  if (one === undefined) return { ...other };
  return {
    sent: one.sent + other.sent,
    delivered: one.delivered + other.delivered,
    lost: one.lost + other.lost,
    reordered: one.reordered + other.reordered,
    replaysRefused: one.replaysRefused + other.replaysRefused,
    forgeriesRefused: one.forgeriesRefused + other.forgeriesRefused,
    mismatches: one.mismatches + other.mismatches,
  };
}
