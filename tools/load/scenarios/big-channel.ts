import { openFilesMax } from '../measure/machine.ts';
import { runMessages } from './message-run.ts';
import type { Scenario } from './scenario.ts';
import { laneTo, parleySeat } from './seats.ts';

const PEOPLE_MAX = 20_000;
/** Open files that server and driver need beside the connections. */
const FILES_BESIDE = 300;
/** Position of a channel in which nobody has written: its creation. */
const CREATED_SEQ = 1;

export const bigChannel: Scenario = {
  name: 'B5',
  title: 'one message to all',
  about:
    'One channel that as many clients have open as one server process may hold (20,000 or its limit of open files); one message of 200 bytes after the other, the next when the last client has it. The time to the last one is "to all".',
  run: (stage) => {
    const clients = stage.number('clients', Math.min(PEOPLE_MAX, openFilesMax() - FILES_BESIDE));
    const people = [...Array(clients).keys()];
    return runMessages(stage, {
      world: { people: clients, channels: [people] },
      seats: (world) =>
        people.map((seat) => {
          const [conversationId] = world.channels;
          const lane = laneTo(conversationId, clients - 1);
          const channel = { conversationId: lane.conversationId, afterSeq: CREATED_SEQ };
          return { ...parleySeat(world, seat, seat, seat === 0 ? [lane] : []), channel };
        }),
      // One process: it alone can tell when the last client has a message.
      together: clients,
      work: { kind: 'closed', inFlight: 1 },
      roomOf: () => 'channel',
      counted: 'deliveries',
    });
  },
};
