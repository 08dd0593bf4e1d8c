import type { Clock, Random } from '@parley/core';
import type { Peer } from './peer.ts';

/** CONN-8: the notices are spread over this time, in this many steps, so that not everybody reconnects at once. */
const SPREAD_MS = 5_000;
const STEPS = 50;
const RECONNECT_SPREAD_MS = 5_000;

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

async function dismiss(connection: Peer, random: Random): Promise<void> {
  connection.send({ type: 'closing', reconnect_after_ms: Math.round(random.fraction() * RECONNECT_SPREAD_MS) });
  await connection.finish();
  connection.close('SERVER_STOPPING');
}

/** Dismisses all connections: each is told when to come back, finishes the commands that it gave us, and is closed; all of them within `deadlineMs`. */
export async function drainConnections(
  connections: readonly Peer[],
  clock: Clock,
  random: Random,
  deadlineMs: number,
): Promise<void> {
  const perStep = Math.ceil(connections.length / STEPS);
  const stepMs = Math.min(SPREAD_MS, deadlineMs / 2) / STEPS;
  const finished: Promise<void>[] = [];
  for (let next = 0; next < connections.length; next += perStep) {
    for (const connection of connections.slice(next, next + perStep)) finished.push(dismiss(connection, random));
    if (next + perStep < connections.length) await pause(clock, stepMs);
  }
  await Promise.race([Promise.all(finished), pause(clock, deadlineMs - stepMs * STEPS)]);
  for (const connection of connections) connection.close('SERVER_STOPPING');
}
