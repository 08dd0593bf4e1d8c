import {
  type ChannelId,
  type DeviceId,
  type GroupId,
  type MessageId,
  makeChannelId,
  makeDeviceId,
  makeGroupId,
  makeMessageId,
  makeUserId,
  type UserId,
} from '@parley/protocol';
import type { Clock, Random } from '../ports/environment.ts';

/** 2025-01-01T00:00:00Z. 41 bits of milliseconds last until 2094. */
const FIRST_MOMENT_MS = 1_735_689_600_000;
const MOMENT_MAX = 2 ** 41 - 1;
export const NODE_NUMBER_MAX = 1_023;
const SEQUENCE_MAX = 4_095;
/** Each millisecond begins at a random place below this, so that a node restarted with its clock set back hardly meets its old ids. */
const SEQUENCE_START_LIMIT = 2_048;

/** Makers of new ids: unique in the cluster as long as each node has its own number, ascending within a node. */
export interface Ids {
  userId(): UserId;
  deviceId(): DeviceId;
  messageId(): MessageId;
  groupId(): GroupId;
  channelId(): ChannelId;
}

/** `nodeNumber`: 0 … 1,023, one for each running node. */
export function createIds(options: { clock: Clock; random: Random; nodeNumber: number }): Ids {
  const next = snowflakes(options);
  return {
    userId: () => makeUserId(next()),
    deviceId: () => makeDeviceId(next()),
    messageId: () => makeMessageId(next()),
    groupId: () => makeGroupId(next()),
    channelId: () => makeChannelId(next()),
  };
}

/** 63-bit numbers: 41 bits of milliseconds, 10 of the node, 12 of a sequence. Strictly ascending, also when the clock goes back or a millisecond is full. */
export function snowflakes({
  clock,
  random,
  nodeNumber,
}: {
  clock: Clock;
  random: Random;
  nodeNumber: number;
}): () => bigint {
  if (!Number.isInteger(nodeNumber) || nodeNumber < 0 || nodeNumber > NODE_NUMBER_MAX)
    throw new RangeError(`The node number must lie in 0 … ${NODE_NUMBER_MAX}, not ${nodeNumber}.`);
  let moment = -1;
  let sequence = 0;
  const enter = (newMoment: number): void => {
    moment = newMoment;
    sequence = Math.floor(random.fraction() * SEQUENCE_START_LIMIT);
  };
  return () => {
    const now = Math.max(0, clock.now() - FIRST_MOMENT_MS);
    if (now > moment) enter(now);
    else if (sequence < SEQUENCE_MAX) sequence += 1;
    // The millisecond is full, or the clock stands behind: borrow the next one rather than wait or repeat.
    else enter(moment + 1);
    if (moment > MOMENT_MAX) throw new RangeError('The clock is past the year 2094: ids have no room for it.');
    return (BigInt(moment) << 22n) | (BigInt(nodeNumber) << 12n) | BigInt(sequence);
  };
}
