import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteStores } from '@parley/sqlite';
import { collectLog } from '@parley/testkit';
import type { HistoryLine } from '../checker/history.ts';
import { judge, type Violation } from '../checker/judge.ts';
import { recordTruth } from '../simulation/record-truth.ts';
import { deckFor, type RealFault } from './faults.ts';
import { monotonicMs } from './monotonic.ts';
import { Stage } from './stage.ts';
import { within } from './within.ts';

export interface CycleRequest {
  readonly seed: number;
  /** Faults whose names contain one of these; empty: all. */
  readonly only: readonly string[];
  /** About so many faults, and at most so many. */
  readonly faultsLeast: number;
  readonly faultsMax: number;
  /** Every fsync says yes and does nothing, so that a power cut loses what was acknowledged: to see whether that is found. */
  readonly ignoresFsync: boolean;
  readonly rounds: number;
  /** How long a rest may take. */
  readonly restWithinMs: number;
  /** How long all of it may take. */
  readonly withinMs: number;
  onFault(name: string): void;
  /** What is being done from now on, other than a fault. */
  onStep(what: string): void;
}

export interface CycleResult {
  readonly history: readonly HistoryLine[];
  readonly violations: readonly Violation[];
  /** By name. */
  readonly faults: ReadonlyMap<string, number>;
  /** What this machine cannot do, in sentences. */
  readonly lacks: readonly string[];
}

const QUIET_FOR_MS = 1_500;

const OPEN_WITHIN_MS = 120_000;
const READ_WITHIN_MS = 60_000;

/**
 * People on real devices talk over a real server while things break; twice all is mended, comes to rest and is compared with what the server's disk holds.
 * Never waits without an end: what stands still is an error that says where.
 */
export async function runCycle(request: CycleRequest): Promise<CycleResult> {
  const stage = new Stage(request.seed);
  let doing = 'opening';
  const observed: CycleRequest = {
    ...request,
    onFault(name) {
      doing = `fault "${name}"`;
      request.onFault(name);
    },
    onStep(what) {
      doing = what;
      request.onStep(what);
    },
  };
  const describe = (): string => `The cycle of seed ${request.seed} is not over; it stands at: ${doing}`;
  try {
    return await within(request.withinMs, play(stage, observed), describe);
  } catch (error) {
    throw new Error(`Seed ${request.seed}, ${doing}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await stage.close();
  }
}

async function play(stage: Stage, request: CycleRequest): Promise<CycleResult> {
  const faults = new Map<string, number>();
  await within(OPEN_WITHIN_MS, stage.open(), () => 'Server and devices have not come up');
  if (request.ignoresFsync) stage.disk.set('fsync-ignored', true);
  const deck = deckFor(stage, request.only, request.faultsLeast).slice(0, request.faultsMax);
  const perRound = Math.ceil(deck.length / request.rounds);
  for (let round = 0; round < request.rounds; round += 1) {
    await breakThings(stage, deck.splice(0, perRound), (name) => {
      faults.set(name, (faults.get(name) ?? 0) + 1);
      request.onFault(name);
    });
    await rest(stage, request, round === request.rounds - 1);
  }
  for (const what of stage.server.surprises) stage.write({ type: 'escaped', what });
  const history = stage.history();
  const noClock = stage.server.clock.canBeSet ? [] : ['jumps of the clock (no libfaketime; install libfaketime)'];
  return { history, violations: judge(history), faults, lacks: [...stage.disk.lacks, ...noClock] };
}

async function breakThings(stage: Stage, deck: readonly RealFault[], onFault: (name: string) => void): Promise<void> {
  await Promise.all(stage.groups.map((group) => group.setWorking(true)));
  await stage.someTime(500, 1_000);
  for (const fault of deck) {
    stage.write({ type: 'fault', what: fault.name });
    onFault(fault.name);
    await fault.cause(stage);
    await stage.someTime(50, 600);
  }
  await Promise.all(stage.groups.map((group) => group.setWorking(false)));
}

async function rest(stage: Stage, { restWithinMs, onStep }: CycleRequest, isLast: boolean): Promise<void> {
  onStep('coming to rest');
  stage.mend();
  stage.write({ type: 'fault', what: 'none any more' });
  await Promise.all(stage.groups.map((group) => group.ask({ do: 'online' })));
  await awaitRest(stage, restWithinMs);
  onStep('loading all history');
  await Promise.all(stage.groups.map((group) => group.ask({ do: 'load' })));
  const at = monotonicMs();
  await pause(2);
  const ended = (await Promise.all(stage.groups.map((group) => group.ask({ do: 'view' })))).flat();
  if (isLast) {
    onStep('leaving');
    await leave(stage);
    onStep('ending the server');
    await stage.server.end('SIGTERM');
  } else {
    onStep('cutting the power at rest');
    // What is on the disk then is what a person would find after a power cut.
    await stage.server.end('SIGKILL');
    if (stage.disk.hasLayer) stage.disk.cutPower(() => true);
  }
  onStep('reading the disk of the server');
  await within(READ_WITHIN_MS, recordDisk(stage, at, ended), () => 'The store of the server was not read');
  if (!isLast) await stage.server.start();
}

async function awaitRest(stage: Stage, withinMs: number): Promise<void> {
  const began = monotonicMs();
  let quietSince = began;
  let late: readonly string[] = [];
  do {
    await pause(200);
    late = (await Promise.all(stage.groups.map((group) => group.ask({ do: 'unfinished' })))).flat();
    if (late.length > 0) quietSince = monotonicMs();
  } while (monotonicMs() - quietSince < QUIET_FOR_MS && monotonicMs() - began < withinMs);
  stage.write({ type: 'settled', waitedMs: Math.round(monotonicMs() - began), late });
}

/** What the server left on its disk, as of the rest before its end; `ended`: devices that say that they were logged out. */
async function recordDisk(stage: Stage, at: number, ended: readonly string[]): Promise<void> {
  const opened = await openSqliteStores({ directory: stage.disk.data, log: collectLog() });
  try {
    const { stores } = opened;
    await recordTruth(stores, stage.users, stage.history(), (line) => stage.write(line, at));
    for (const { parts } of stage.groups)
      for (const { name, deviceId } of parts.devices)
        if (ended.includes(name) && (await stores.deviceStore.find(deviceId)) !== undefined)
          stage.write({ type: 'escaped', what: `${name} has stopped without a cause` });
    for (const finding of (await opened.audit()).findings)
      stage.write({ type: 'escaped', what: `audit: ${JSON.stringify(finding)}` });
    for (const finding of await opened.integrityCheck()) stage.write({ type: 'escaped', what: `SQLite: ${finding}` });
  } finally {
    await opened.close();
  }
}

const GONE_WITHIN_MS = 5_000;
/**
 * A long-poll session has no line that ends: one whose first answer was lost on the way, or whose client gave it up, is over after 60 s of silence (POLL-3), at which the
 * server looks about every second.
 */
const POLL_SESSIONS_GONE_WITHIN_MS = 65_000;

/** Everybody goes; no connection may stay behind. */
async function leave(stage: Stage): Promise<void> {
  await Promise.all(stage.groups.map((group) => group.ask({ do: 'close' })));
  const counts = {
    WebSockets: await leftAfter(GONE_WITHIN_MS, async () => (await stage.server.openConnections()).webSockets),
    'long-poll sessions': await leftAfter(
      POLL_SESSIONS_GONE_WITHIN_MS,
      async () => (await stage.server.openConnections()).pollSessions,
    ),
  };
  stage.write({ type: 'left', counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) });
}

/** Counts until there are none, for so long at most; resolves to the last count. */
async function leftAfter(withinMs: number, count: () => Promise<number>): Promise<number> {
  const began = monotonicMs();
  let left = await count();
  while (left > 0 && monotonicMs() - began < withinMs) {
    await pause(50);
    left = await count();
  }
  return left;
}
