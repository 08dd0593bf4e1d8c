import { runMessages } from './message-run.ts';
import type { Scenario } from './scenario.ts';
import { laneTo, parleySeat } from './seats.ts';

export const durablePairs: Scenario = {
  name: 'B1',
  title: 'durable pairs',
  about:
    '200 clients in pairs, one message of 200 bytes in flight each; it counts when its acknowledgement (after the flush to disk) and its delivery to the partner have both arrived.',
  run: (stage) => {
    const clients = stage.number('clients', 200);
    const pairs = Math.floor(clients / 2);
    return runMessages(stage, {
      world: {
        people: clients,
        directs: Array.from({ length: pairs }, (_, pair) => [pair * 2, pair * 2 + 1] as const),
      },
      seats: (world) =>
        Array.from({ length: pairs * 2 }, (_, seat) =>
          parleySeat(world, seat, seat, [laneTo(world.directs[seat >> 1], 1)]),
        ),
      together: 2,
      work: { kind: 'closed', inFlight: stage.number('in-flight', 1) },
      roomOf: (seat) => `pair/${seat >> 1}`,
      counted: 'messages',
    });
  },
};
