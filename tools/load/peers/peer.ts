import { createServer } from 'node:net';
import type { Dialect, Seat } from '../driver/plan.ts';
import type { FloorTarget } from '../floors/floor-process.ts';

/** What a peer is to serve. */
export interface PeerPlan {
  /** A folder of its own, removed afterwards: on the disk that is measured. */
  readonly directory: string;
  readonly seats: readonly Seat[];
  roomOf(seat: number): string | number;
  readonly target: FloorTarget;
}

/** A peer that is ready. */
export interface PeerProcess {
  readonly url: string;
  /** All its processes; what they started counts with them. */
  readonly pids: readonly number[];
  readonly dialect: Dialect;
  /** The seats of the plan in the peer's own words. */
  readonly seats: readonly Seat[];
  readonly connectionsPerSeat?: number;
  stop(): void;
}

/** A server that Parley is measured against. */
export interface Peer {
  readonly name: string;
  /** What its acknowledgement means; stands in the README beside its name. */
  readonly acknowledges: string;
  start(plan: PeerPlan): Promise<PeerProcess>;
}

/** In pairs each seat writes to its partner; in a room all write to the room. */
export function addressed(
  { seats, roomOf }: Pick<PeerPlan, 'seats' | 'roomOf'>,
  nameOf: (seat: number) => string,
): readonly Seat[] {
  const rooms = new Map<string | number, number[]>();
  for (const { seat } of seats) {
    const room = rooms.get(roomOf(seat));
    if (room === undefined) rooms.set(roomOf(seat), [seat]);
    else room.push(seat);
  }
  return seats.map(({ seat, lanes }) => {
    const others = (rooms.get(roomOf(seat)) ?? []).filter((other) => other !== seat);
    const [partner] = others;
    if (partner === undefined || others.length > 1)
      throw new Error('This peer is measured in pairs only: B1, B2 and B3.');
    return { seat, lanes, path: '/', address: { to: nameOf(partner), own: nameOf(seat) } };
  });
}

/** A port of loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}
