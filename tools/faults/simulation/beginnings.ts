import type { ConversationId, UserId } from '@parley/protocol';
import type { Workload } from '../workload.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import type { Simulation } from './simulation.ts';

const NEWCOMERS_MAX = 3;
/** Reads that take no time leave no room for anything between them. */
const STORE_READ_MS_MIN = 30;
/** What is to happen during a synchronisation has to get there in time. */
const LINE_DELAY_MS_MAX = 5;
const ANSWER_WITHIN_MS = 2_000;
const LATER_MS_MAX = 40;
const SAYINGS = 25;
const APART_MS = 6;
/** Events of different topics overtake each other. */
const BROKER_DELAY_MS_MIN = 80;
const LAST_WORDS = 6;

/**
 * People are added to a group in which much is said, each while their devices come back and synchronise: those find the group in one place before they are told
 * of it in another.
 */
export async function addWhoReturns(simulation: Simulation, workload: Workload): Promise<void> {
  const { world, network, devices, users } = simulation;
  const { clock, chances, weather } = world;
  const chance = chances.workload;
  const founder = devices[chance.below(devices.length)];
  if (founder === undefined) return;
  let group: ConversationId | undefined;
  void workload.found(founder, []).then((made) => {
    group = made;
  });
  await until(simulation, () => group !== undefined);
  if (group === undefined) return;
  const random = world.stream(10 + world.history.length);
  const storeReadMs = Math.max(weather.storeReadMs, STORE_READ_MS_MIN);
  world.weather = { ...weather, storeReadMs, lineDelayMs: Math.min(weather.lineDelayMs, LINE_DELAY_MS_MAX) };
  const newcomers = users.filter((user) => user !== founder.user).slice(0, NEWCOMERS_MAX);
  for (const newcomer of newcomers) {
    const returning = devices.filter(({ user }) => user === newcomer);
    for (const { name } of returning) for (const line of network.linesOf(name)) line.cut();
    await clock.advance(200);
    const before = world.history.length;
    for (const { client } of returning) client?.networkChanged(true);
    await until(simulation, () => hasBegunToSynchronise(simulation, newcomer, before));
    await clock.advance(chance.below(LATER_MS_MAX));
    workload.addOrRemove(founder, 'add', group, newcomer);
    for (let saying = 0; saying < SAYINGS; saying += 1) {
      workload.shout(founder, group, random.uuid());
      await clock.advance(APART_MS);
    }
  }
  world.weather = { ...weather, brokerDelayMs: Math.max(weather.brokerDelayMs, BROKER_DELAY_MS_MIN) };
  for (const newcomer of newcomers) await removeWhoTalks(simulation, workload, { founder, group, newcomer });
  world.weather = weather;
}

/** Somebody talks while being removed: the news of the removal comes before what was said just before the last own words. */
async function removeWhoTalks(
  { world, devices }: Simulation,
  workload: Workload,
  { founder, group, newcomer }: { founder: SimulatedDevice; group: ConversationId; newcomer: UserId },
): Promise<void> {
  const random = world.stream(10 + world.history.length);
  const chance = world.chances.workload;
  const removedAt = 1 + chance.below(LAST_WORDS - 1);
  for (let word = 0; word < LAST_WORDS; word += 1) {
    workload.shout(founder, group, random.uuid());
    for (const device of devices) if (device.user === newcomer) workload.say(device, group);
    if (word === removedAt) workload.addOrRemove(founder, 'remove', group, newcomer);
    await world.clock.advance(chance.below(2 * APART_MS));
  }
}

async function until({ world }: Simulation, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < ANSWER_WITHIN_MS && !isSo(); waitedMs += 10) await world.clock.advance(10);
}

/** A server was told what one of the user's devices holds. */
const hasBegunToSynchronise = ({ world }: Simulation, who: UserId, since: number): boolean =>
  world.history.slice(since).some((line) => line.type === 'synced' && line.user === who);

/** Somebody archives a conversation and then begins on one more device, which knows nothing yet. */
export async function beginOnNewDevice(simulation: Simulation, workload: Workload): Promise<void> {
  const { world, devices } = simulation;
  const device = devices[world.chances.workload.below(devices.length)];
  if (device === undefined) return;
  world.write({ type: 'fault', what: `${device.user} logs in on a new device` });
  workload.archive(device);
  await world.clock.advance(world.chances.workload.below(1_000));
  await simulation.logInAgain(device.user);
}
