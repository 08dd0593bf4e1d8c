import { runMessages } from './message-run.ts';
import type { Scenario } from './scenario.ts';
import { laneTo, parleySeat } from './seats.ts';

export const roomFanOut: Scenario = {
  name: 'B4',
  title: 'room fan-out',
  about:
    '100 groups with 100 clients online each; in every group 8 people write, each the next message of 200 bytes when the last one was acknowledged durably and had arrived at all 99 others. Arrivals are counted.',
  run: (stage) => {
    const rooms = stage.number('rooms', 100);
    const size = stage.number('room-size', 100);
    const senders = stage.number('senders', 8);
    const people = [...Array(rooms * size).keys()];
    return runMessages(stage, {
      world: {
        people: people.length,
        groups: Array.from({ length: rooms }, (_, room) => people.slice(room * size, (room + 1) * size)),
      },
      seats: (world) =>
        people.map((seat) => {
          const lanes = seat % size < senders ? [laneTo(world.groups[Math.floor(seat / size)], size - 1)] : [];
          return parleySeat(world, seat, seat, lanes);
        }),
      together: size,
      work: { kind: 'closed', inFlight: stage.number('in-flight', 1) },
      roomOf: (seat) => `room/${Math.floor(seat / size)}`,
      counted: 'deliveries',
    });
  },
};
