import { runMessages } from './message-run.ts';
import { neighbourhood } from './neighbours.ts';
import type { Scenario } from './scenario.ts';

const BLOCK = 50;

export const pipelined: Scenario = {
  name: 'B2',
  title: 'pipelined',
  about:
    '1,000 clients with 10,000 direct conversations among them, 8 messages of 200 bytes in flight each (--in-flight 32 for the other form); a message counts when acknowledged durably and delivered.',
  run: (stage) => {
    const clients = stage.number('clients', 1_000);
    const people = neighbourhood(clients, stage.number('conversations', 10_000), BLOCK);
    return runMessages(stage, {
      world: people.plan,
      seats: people.seats,
      together: BLOCK,
      work: { kind: 'closed', inFlight: stage.number('in-flight', 8) },
      // A floor server knows no conversations: neighbours in pairs make as many writes.
      roomOf: (seat) => `pair/${seat >> 1}`,
      counted: 'messages',
    });
  },
};
