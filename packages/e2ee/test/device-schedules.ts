import fc from 'fast-check';
import { E2EE_LIMITS } from '../src/limits.ts';
import { classicProfile, productProfile, refreshingProfile } from '../src/profile/product-profile.ts';
import { recordNames } from '../src/store/record-names.ts';
import type { CrashPlan } from './crashing-store.ts';
import { type Item, type Person, World, type WorldCounts } from './device-world.ts';

const KINDS = [
  ...(['send', 'send', 'send', 'send_to_group', 'send_to_group', 'burst'] as const),
  ...(['deliver', 'deliver', 'deliver', 'deliver', 'repeat', 'spoil', 'lose', 'lose_session', 'new_epoch'] as const),
];

export interface Event {
  readonly isAlice: boolean;
  readonly what: (typeof KINDS)[number];
  /** Picks the message, the byte, and the order of a burst. */
  readonly pick: number;
  /** Messages of a burst. */
  readonly burst: number;
  readonly crash: CrashPlan | undefined;
}

export interface Schedule {
  readonly profile: keyof typeof PROFILES;
  readonly events: readonly Event[];
}

const PROFILES = { product: productProfile, refreshing: refreshingProfile, classic: classicProfile };

/** `longBursts`: one burst in two hundred has up to 2,000 messages, all of which are delivered out of order. */
export function scheduleArbitrary(hasLongBursts: boolean): fc.Arbitrary<Schedule> {
  const short = { weight: 199, arbitrary: fc.integer({ min: 2, max: 20 }) };
  const long = { weight: 1, arbitrary: fc.integer({ min: 200, max: E2EE_LIMITS.skippedKeysMax }) };
  const plan = fc.record({ commitsBefore: fc.nat(5), when: fc.constantFrom('before' as const, 'after' as const) });
  const event: fc.Arbitrary<Event> = fc.record({
    isAlice: fc.boolean(),
    what: fc.constantFrom(...KINDS),
    pick: fc.nat(1_000_000),
    burst: hasLongBursts ? fc.oneof(short, long) : short.arbitrary,
    crash: fc.oneof(fc.constant(undefined), plan),
  });
  return fc.record({
    profile: fc.constantFrom(...(['product', 'product', 'product', 'product', 'refreshing', 'classic'] as const)),
    events: fc.array(event, { minLength: 4, maxLength: 24, size: 'max' }),
  });
}

export const zeroCounts = (): WorldCounts => ({
  sent: 0,
  received: 0,
  lost: 0,
  spoilt: 0,
  repeated: 0,
  healed: 0,
  crashes: 0,
  reorderedMax: 0,
});

/**
 * Plays a schedule and delivers what is left. Throws when a message of which nothing was lost did not arrive, arrived changed, when
 * a (key, nonce) pair encrypts twice, or when the devices do not come to rest.
 */
export async function playSchedule({ profile, events }: Schedule, counts: WorldCounts): Promise<void> {
  const world = await World.make(PROFILES[profile], counts);
  for (const [index, event] of withinBudget(events).entries()) {
    world.planCrash(event.crash);
    await play(world, event, `text ${index}`);
    world.planCrash(undefined);
  }
  const [alice, bob] = world.actors(true);
  const roundsMax = 200 + 6 * (alice.inbox.length + bob.inbox.length);
  for (let round = 0; alice.inbox.length + bob.inbox.length > 0; round += 1) {
    if (round > roundsMax) throw new Error('The devices keep asking each other for messages.');
    const [actor, other] = world.actors(alice.inbox.length > 0);
    const item = actor.inbox.shift();
    if (item !== undefined) await world.deliver(actor, other, item);
  }
  for (const messageId of world.sent.keys()) {
    const hasArrived = alice.received.has(messageId) || bob.received.has(messageId);
    if (!hasArrived && !world.mayMiss.has(messageId)) throw new Error(`"${messageId}" never arrived.`);
  }
}

async function play(world: World, event: Event, text: string): Promise<void> {
  const { what, pick } = event;
  const [actor, other] = world.actors(event.isAlice);
  const take = (): Item | undefined => actor.inbox.splice(pick % (actor.inbox.length || 1), 1)[0];
  switch (what) {
    case 'send':
      return world.send(actor, other, text);
    case 'send_to_group':
      return world.sendToGroup(actor, other, text);
    case 'burst':
      return playBurst(world, actor, other, event, text);
    case 'new_epoch':
      return world.beginEpoch();
    case 'deliver': {
      const item = take();
      return item && world.deliver(actor, other, item);
    }
    case 'lose': {
      const item = take();
      if (item === undefined) return;
      world.mayMiss.add(item.about);
      world.counts.lost += 1;
      return;
    }
    case 'repeat': {
      const item = actor.seen[pick % (actor.seen.length || 1)];
      if (item === undefined) return;
      world.counts.repeated += 1;
      return world.deliver(actor, other, item);
    }
    case 'spoil': {
      const item = actor.inbox[pick % (actor.inbox.length || 1)];
      if (item === undefined) return;
      world.counts.spoilt += 1;
      return world.deliver(actor, other, spoilt(item, pick));
    }
    case 'lose_session':
      return loseSession(actor, other);
  }
}

/** Sends many and delivers them all in another order, each perhaps before all of its elders. */
async function playBurst(world: World, from: Person, to: Person, { burst, pick }: Event, text: string): Promise<void> {
  const before = to.inbox.length;
  for (let index = 0; index < burst; index += 1) await world.send(from, to, `${text}.${index}`);
  const items = to.inbox.splice(before);
  let left = items.length;
  let newest = -1;
  let place = pick;
  const order = items.map((_, index) => index);
  while (left > 0) {
    place = (place * 1_103_515_245 + 12_345) % 2_147_483_648;
    const [next] = order.splice(place % left, 1);
    left -= 1;
    const item = items[next ?? -1];
    if (next === undefined || item === undefined) throw new Error('A burst lost count of its messages.');
    world.counts.reorderedMax = Math.max(world.counts.reorderedMax, newest - next);
    newest = Math.max(newest, next);
    await world.deliver(to, from, item);
  }
}

function spoilt(item: Item, pick: number): Item {
  const payload = Uint8Array.from(item.payload);
  const at = pick % payload.length;
  payload[at] = (payload[at] ?? 0) ^ 1;
  return { ...item, itemId: `${item.itemId} spoilt`, payload };
}

async function loseSession(actor: Person, other: Person): Promise<void> {
  const { durable } = actor.store;
  const name = recordNames.session(other.made.address);
  const stored = await durable.read(name);
  if (stored !== undefined) await durable.commit([{ name, expectedVersion: stored.version, sealed: undefined }]);
}

/** One message is encrypted anew at most `resendsMax` times, so no schedule spoils or forgets more often than that allows. */
function withinBudget(events: readonly Event[]): readonly Event[] {
  let harm = 0;
  return events.filter(({ what }) => {
    const isHarm = what === 'spoil' || what === 'lose_session';
    if (isHarm) harm += 1;
    return !isHarm || harm < E2EE_LIMITS.resendsMax - 1;
  });
}
