import { createHash } from 'node:crypto';
import type { ConversationId } from '@parley/protocol';
import { SeededRandom } from '@parley/testkit';
import type { HistoryLine } from '../checker/history.ts';
import { judge, type Violation } from '../checker/judge.ts';
import { Workload } from '../workload.ts';
import { addWhoReturns, beginOnNewDevice } from './beginnings.ts';
import { watchEscapes } from './escapes.ts';
import { leaveBehind } from './leave-behind.ts';
import { recordTruth } from './record-truth.ts';
import { awaitRest, loadAllHistory } from './rest.ts';
import { Simulation, type Topology } from './simulation.ts';
import { causeTrouble, drawWeather } from './trouble.ts';
import { CALM } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly history: readonly HistoryLine[];
  /** SHA-256 over all lines: the same for the same seed and code. */
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly topology: Topology;
}

const ROUNDS_MAX = 3;
const STEPS_PER_ROUND = 60;
const STEP_MS_MAX = 250;
/** Of each user, and of all: what a run costs grows with its devices. */
const DEVICES_MAX = 5;
const ALL_DEVICES_MAX = 24;
const STORM_STEPS = 30;
const STORM_STEP_MS_MAX = 20;
const ELEVEN_MINUTES_MS = 660_000;
const MONTH_MS = 30 * 86_400_000;

/** What kind of run a seed is. Most worlds are small, because small ones break in fewer steps; some are large. */
export function topologyOf(seed: number): Topology {
  const random = new SeededRandom(Math.imul(seed + 7, 0x27d4eb2f));
  const isLarge = random.below(25) === 0;
  const nodes = 1 + random.below(isLarge ? 4 : 3);
  const users = 2 + random.below(isLarge ? 19 : 3);
  return {
    nodes,
    users,
    devices: Math.min(1 + random.below(DEVICES_MAX), Math.max(1, Math.floor(ALL_DEVICES_MAX / users))),
  };
}

/** One whole run: people talk while things break, then all is mended, comes to rest, and everything that was seen is judged. */
export async function runSeed(seed: number): Promise<SeedResult> {
  const topology = topologyOf(seed);
  const simulation = new Simulation(seed, topology);
  const escapes = watchEscapes(simulation.world);
  try {
    await simulation.begin();
    const { faults } = simulation.world.chances;
    const weather = drawWeather((limit) => faults.below(limit));
    const workload = new Workload({
      write: simulation.world.write,
      below: (limit) => simulation.world.chances.workload.below(limit),
      users: simulation.users,
      canErase: faults.below(3) === 0,
      firstOp: 0,
    });
    const rounds = 1 + faults.below(ROUNDS_MAX);
    const bulkyRound = faults.below(10);
    const newDeviceRound = faults.below(3);
    for (let round = 0; round < rounds; round += 1) {
      simulation.world.weather = weather;
      if (round === bulkyRound) leaveBehind(simulation);
      await talk(simulation, workload);
      if (round === newDeviceRound) await beginOnNewDevice(simulation, workload);
      // Access tokens live for ten minutes: connections outlive them (CONN-5).
      if (faults.below(8) === 0) await simulation.world.clock.advance(ELEVEN_MINUTES_MS);
      if (faults.below(6) === 0) await sleepLong(simulation);
      await rest(simulation);
    }
    await leave(simulation);
  } finally {
    escapes.stop();
  }
  const { history } = simulation.world;
  return { seed, history, hash: hashOf(history), violations: judge(history), topology };
}

async function talk(simulation: Simulation, workload: Workload): Promise<void> {
  const { clock, chances } = simulation.world;
  const chance = chances.workload;
  // Some are private for a whole round and longer.
  const shy = simulation.devices[chances.faults.below(2 * simulation.devices.length)];
  if (shy !== undefined) workload.choosePrivacy(shy);
  for (let step = 0; step < STEPS_PER_ROUND; step += 1) {
    const device = simulation.devices[chance.below(simulation.devices.length)];
    // Now and then a burst, so that writes meet each other.
    const times = chance.below(6) === 0 ? 5 : 1;
    for (let time = 0; time < times; time += 1) if (device !== undefined) workload.step(device);
    // Shows how everybody is.
    if (chance.below(20) === 0 && device?.isSignedOut === false) device.client?.watchPresence(simulation.users);
    if (chances.faults.below(6) === 0) causeTrouble(simulation);
    if (chances.faults.below(30) === 0) await storm(simulation, workload);
    if (step % 20 === 19) await leaveChannel(simulation, workload);
    await clock.advance(chance.below(STEP_MS_MAX));
  }
  await missSomething(simulation, workload);
  await gather(simulation, workload);
  await addWhoReturns(simulation, workload);
}

/** In each conversation of a device that is away a message is said and taken back, and then nothing more: it comes back to a log with a hole. */
async function missSomething({ world, network, devices }: Simulation, workload: Workload): Promise<void> {
  const { clock, chances } = world;
  const away = devices[chances.workload.below(devices.length)];
  if (away === undefined) return;
  world.write({ type: 'fault', what: `${away.name} misses something` });
  network.setOffline(away.name, true);
  const random = world.stream(10 + world.history.length);
  // The cast holds: the keys of the state's table are conversation ids.
  const held = Object.keys(away.client?.store.getSnapshot().conversations ?? {}) as ConversationId[];
  for (const conversation of held) {
    const writer = devices.find(
      ({ user, client }) => user !== away.user && client?.store.getSnapshot().conversations[conversation] !== undefined,
    );
    if (writer !== undefined) workload.takeBack(writer, conversation, [random.uuid(), random.uuid()]);
  }
  await clock.advance(1_000);
  network.setOffline(away.name, false);
  away.client?.networkChanged(true);
}

/** Somebody leaves a channel: for good while another device of theirs comes back and reads the list, or to join it again while all look at it and more is said. */
async function leaveChannel({ world, network, devices }: Simulation, workload: Workload): Promise<void> {
  const { clock, chances } = world;
  const chance = chances.workload;
  const device = devices[chance.below(devices.length)];
  if (device === undefined) return;
  const channels = Object.values(device.client?.store.getSnapshot().conversations ?? {})
    .map(({ resource }) => resource)
    .filter(({ kind, visibility, my }) => kind === 'channel' && visibility === 'public' && my.role === 'member');
  const channel = channels[chance.below(Math.max(1, channels.length))]?.conversation_id;
  if (channel === undefined) return workload.joinSome(device);
  const own = devices.filter(({ user }) => user === device.user);
  const other = own[chance.below(own.length)];
  if (other !== undefined && other !== device) {
    other.client?.closeConversation(channel);
    for (const line of network.linesOf(other.name)) line.cut();
    for (let waits = 0; waits < 50 && other.client?.store.getSnapshot().status.kind !== 'live'; waits += 1)
      await clock.advance(20);
    void workload.leave(device, channel);
    return;
  }
  for (const one of own) workload.open(one, channel);
  await clock.advance(200);
  workload.leaveAndJoin(device, channel);
  await clock.advance(chance.below(1_500));
  const writer = devices.find(
    ({ client }) => (client?.store.getSnapshot().conversations[channel]?.resource.my.role ?? 'member') !== 'member',
  );
  if (writer !== undefined) workload.shout(writer, channel, world.stream(10 + world.history.length).uuid());
}

/** A new group at the end, in which the others say one thing each: nothing comes later that would show what was lost. */
async function gather({ world, devices, users }: Simulation, workload: Workload): Promise<void> {
  const { clock, chances } = world;
  const founder = devices[chances.workload.below(devices.length)];
  if (founder !== undefined) void workload.found(founder, users);
  await clock.advance(chances.workload.below(500));
  for (const device of devices) {
    if (device !== founder) workload.greet(device);
    await clock.advance(chances.workload.below(40));
  }
}

/** Everybody comes back at once while everybody writes: replays, and what happens during them. */
async function storm({ world, network, devices }: Simulation, workload: Workload): Promise<void> {
  const { clock, chances } = world;
  world.write({ type: 'fault', what: 'all lines cut' });
  for (const device of devices) for (const line of network.linesOf(device.name)) line.cut();
  // The cast holds: the keys of the state's table are conversation ids.
  const held = Object.keys(devices[0]?.client?.store.getSnapshot().conversations ?? {}) as ConversationId[];
  const place = held[chances.workload.below(Math.max(1, held.length))];
  const random = world.stream(10 + world.history.length);
  for (let step = 0; step < STORM_STEPS; step += 1) {
    const device = devices[chances.workload.below(devices.length)];
    if (step % 10 === 0) for (const one of devices) one.client?.networkChanged(true);
    const other = devices[chances.workload.below(devices.length)];
    if (device !== undefined) workload.step(device);
    if (other !== undefined && step % 2 === 0) workload.glanceBack(other);
    if (other !== undefined && place !== undefined) workload.shout(other, place, random.uuid());
    await clock.advance(chances.workload.below(STORM_STEP_MS_MAX));
  }
}

/** Everything sleeps for a month: tokens expire, lines are gone, and everybody comes back at once. */
async function sleepLong({ world, network, devices }: Simulation): Promise<void> {
  world.write({ type: 'fault', what: '30 days of absence' });
  for (const device of devices) for (const line of network.linesOf(device.name)) line.cut();
  // The devices hear of it before they sleep.
  await world.clock.advance(10);
  await world.clock.jump(MONTH_MS);
}

async function rest(simulation: Simulation): Promise<void> {
  const { world, engine, network, devices } = simulation;
  world.weather = CALM;
  world.write({ type: 'fault', what: 'none any more' });
  engine.recover();
  await simulation.startMissingNodes();
  for (const node of simulation.nodes) simulation.broker.cutOff(node.clock, false);
  for (const device of devices) {
    network.setOffline(device.name, false);
    if (device.client === undefined && !device.isStarting) simulation.inBackground(device.start());
    device.client?.networkChanged(true);
  }
  await awaitRest(simulation);
  const held = devices.flatMap((device) => device.held());
  await loadAllHistory(simulation);
  await recordTruth(engine.durable, simulation.users, world.history, world.write);
  for (const line of held) world.write(line);
  for (const device of devices) if (!device.isSignedOut) device.view();
}

/** Everybody goes; nothing may stay behind. */
async function leave(simulation: Simulation): Promise<void> {
  const { world, devices } = simulation;
  const closing = devices.map(async ({ client }) => client?.close());
  await world.clock.advance(1_000);
  await Promise.all(closing);
  // Two heartbeats: connections that ended in silence are noticed.
  await world.clock.advance(130_000);
  const counts: Record<string, number> = { 'requests under way': world.clock.requestsUnderWay };
  for (const device of devices) counts[`timers of ${device.name}`] = device.clock.pendingTimers;
  for (const { number, gateway } of simulation.nodes) {
    const { connections, strangers, conversationTopics, userTopics } = gateway.stats();
    Object.assign(counts, {
      [`connections of node ${number}`]: connections + strangers,
      [`topics of node ${number}`]: conversationTopics + userTopics,
    });
  }
  const left = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  world.write({ type: 'left', counts: left });
  for (const node of simulation.nodes) node.kill();
  for (const device of devices) device.kill('server_hears');
}

function hashOf(history: readonly HistoryLine[]): string {
  const hash = createHash('sha256');
  for (const line of history) hash.update(`${JSON.stringify(line)}\n`);
  return hash.digest('hex');
}
