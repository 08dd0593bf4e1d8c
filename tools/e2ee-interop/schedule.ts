import type { Peer } from './peer.ts';

/** What one random schedule did. A mismatch is a delivered message that did not open to its plaintext, or a bad one that did. */
export interface ScheduleCounts {
  sent: number;
  delivered: number;
  lost: number;
  reordered: number;
  replaysRefused: number;
  forgeriesRefused: number;
  mismatches: number;
}

interface InFlight {
  readonly payload: Uint8Array;
  readonly plaintext: Uint8Array;
  /** Upper bound of the sender's ratchet steps when it was sent. */
  readonly turn: number;
  readonly order: number;
}

interface Direction {
  readonly from: Peer;
  readonly to: Peer;
  readonly inFlight: InFlight[];
  readonly opened: Uint8Array[];
  sent: number;
  turn: number;
  /** The sender has opened a message of the other side, ever and since it last sent. */
  hasEverHeard: boolean;
  hasNewlyHeard: boolean;
  newestDelivered: number;
}

/** Both implementations keep 5 receiving chains; a message older than that is lost on purpose, not a mismatch. */
const TURNS_KEPT = 4;
const IN_FLIGHT_MAX = 60;

/** Mulberry32: a small seeded generator, so that a schedule can be run again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const directionOf = (from: Peer, to: Peer): Direction => ({
  from,
  to,
  inFlight: [],
  opened: [],
  sent: 0,
  turn: 0,
  hasEverHeard: false,
  hasNewlyHeard: false,
  newestDelivered: -1,
});

/** Sends `messagesEachWay` messages in both directions with loss, reordering, replays and forgeries. */
export async function runSchedule(
  initiator: Peer,
  responder: Peer,
  messagesEachWay: number,
  random: () => number,
): Promise<ScheduleCounts> {
  const counts: ScheduleCounts = {
    sent: 0,
    delivered: 0,
    lost: 0,
    reordered: 0,
    replaysRefused: 0,
    forgeriesRefused: 0,
    mismatches: 0,
  };
  const there = directionOf(initiator, responder);
  const back = directionOf(responder, initiator);
  const isDone = () =>
    [there, back].every((direction) => direction.sent === messagesEachWay && direction.inFlight.length === 0);

  while (!isDone()) {
    const [direction, other] = random() < 0.5 ? [there, back] : [back, there];
    const mayStart = direction === there || direction.hasEverHeard;
    const burst = 1 + Math.floor(random() * 8);
    for (let index = 0; index < burst; index += 1) {
      const canSend = mayStart && direction.sent < messagesEachWay && direction.inFlight.length < IN_FLIGHT_MAX;
      if (canSend && random() < 0.5) await send(direction, random, counts);
      else if (direction.inFlight.length > 0) await deliver(direction, other, random, counts);
    }
    // The responder must hear something before it can speak, however unlucky the losses are.
    const isStuck = there.sent === messagesEachWay && there.inFlight.length === 0 && !back.hasEverHeard;
    if (isStuck) throw new Error('Every message of the initiator was lost; choose another seed.');
  }
  return counts;
}

async function send(direction: Direction, random: () => number, counts: ScheduleCounts): Promise<void> {
  if (direction.hasNewlyHeard) direction.turn += 1;
  direction.hasNewlyHeard = false;
  const plaintext = new Uint8Array(Math.floor(random() * 300)).map(() => Math.floor(random() * 256));
  const payload = await direction.from.seal(plaintext);
  direction.inFlight.push({ payload, plaintext, turn: direction.turn, order: direction.sent });
  direction.sent += 1;
  counts.sent += 1;
}

async function deliver(
  direction: Direction,
  other: Direction,
  random: () => number,
  counts: ScheduleCounts,
): Promise<void> {
  const [message] = direction.inFlight.splice(Math.floor(random() * direction.inFlight.length), 1);
  if (message === undefined) return;
  if (random() < 0.1 || direction.turn - message.turn > TURNS_KEPT) {
    counts.lost += 1;
    return;
  }
  if (random() < 0.1) {
    if ((await direction.to.open(forged(message.payload, random))) === undefined) counts.forgeriesRefused += 1;
    else counts.mismatches += 1;
  }
  const opened = await direction.to.open(message.payload);
  if (opened !== undefined && Buffer.compare(opened, message.plaintext) === 0) counts.delivered += 1;
  else counts.mismatches += 1;
  if (message.order < direction.newestDelivered) counts.reordered += 1;
  direction.newestDelivered = Math.max(direction.newestDelivered, message.order);
  direction.opened.push(message.payload);
  other.hasEverHeard = true;
  other.hasNewlyHeard = true;

  if (random() < 0.1) {
    const replay = direction.opened[Math.floor(random() * direction.opened.length)];
    if (replay === undefined) return;
    if ((await direction.to.open(replay)) === undefined) counts.replaysRefused += 1;
    else counts.mismatches += 1;
  }
}

/** One flipped bit. The last bytes of an initial message are ids that nothing authenticates, so the flip stays before them. */
function forged(payload: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(payload);
  const at = copy.length - 8 - Math.floor(random() * 24);
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return copy;
}
