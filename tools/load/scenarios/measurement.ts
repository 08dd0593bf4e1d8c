import type { Fleet, FleetTally } from '../driver/fleet.ts';
import type { Work } from '../driver/plan.ts';
import { Histogram } from '../measure/histogram.ts';
import { costOfTree, type ProcessCost, sumOfCosts } from '../measure/process-cost.ts';
import { bar, type Progress } from '../report/progress.ts';

const LOOK_MS = 250;

export interface Measurement {
  readonly tally: FleetTally;
  /** Of all the server's processes with all their threads, within the measurement. */
  readonly serverCpuSeconds: number;
  /** What they handed to the disk in that time. */
  readonly writtenBytes: number;
  readonly server: ProcessCost;
}

const costOfAll = (pids: readonly number[]): ProcessCost => sumOfCosts(pids.map(costOfTree));

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits and shows the live rate; throws as soon as a driver process reports a problem. */
async function watch(fleet: Fleet, name: string, ms: number, progress: Progress): Promise<void> {
  const from = performance.now();
  let before = { ...fleet.pulse(), at: from };
  let rate = '';
  for (let passed = 0; passed < ms; passed = performance.now() - from) {
    await wait(Math.min(LOOK_MS, ms - passed));
    const problem = fleet.problem();
    if (problem !== undefined) throw problem;
    const pulse = { ...fleet.pulse(), at: performance.now() };
    if (pulse.delivered > before.delivered) {
      const perSecond = (count: number): string =>
        Math.round((count * 1_000) / (pulse.at - before.at)).toLocaleString('en-US');
      rate = `${perSecond(pulse.completed - before.completed)} messages/s, ${perSecond(pulse.delivered - before.delivered)} deliveries/s`;
    }
    if (pulse.delivered !== before.delivered) before = pulse;
    progress.show(`${name}  ${bar(performance.now() - from, ms)}  ${rate}`);
  }
}

/**
 * One measurement: starts the work, lets it run warm, counts for a while, ends it and waits for what is on the way. Throws when anything was refused, closed, doubled or
 * left unanswered: a figure is only given for a run without errors.
 */
export async function measure(
  fleet: Fleet,
  work: Work,
  serverPids: readonly number[],
  {
    name,
    warmUpMs,
    durationMs,
    progress,
  }: { readonly name: string; readonly warmUpMs: number; readonly durationMs: number; readonly progress: Progress },
): Promise<Measurement> {
  await fleet.start(work);
  await watch(fleet, `${name}, warming up`, warmUpMs, progress);
  const before = costOfAll(serverPids);
  await fleet.measure();
  await watch(fleet, name, durationMs, progress);
  const server = costOfAll(serverPids);
  const tally = await fleet.finish();
  progress.clear();
  const problem = fleet.problem();
  if (problem !== undefined) throw problem;
  if (tally.unanswered > 0) throw new Error(`${tally.unanswered} answers never came; there is no figure without them.`);
  return {
    tally,
    serverCpuSeconds: server.cpuSeconds - before.cpuSeconds,
    writtenBytes: server.writtenBytes - before.writtenBytes,
    server,
  };
}

export const quantilesOf = (buckets: FleetTally['acknowledgedUs']): ReturnType<Histogram['quantiles']> =>
  Histogram.of(buckets).quantiles();
