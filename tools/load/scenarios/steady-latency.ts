import { runMessages } from './message-run.ts';
import { neighbourhood } from './neighbours.ts';
import type { Scenario } from './scenario.ts';

const BLOCK = 50;

export const steadyLatency: Scenario = {
  name: 'B3',
  title: 'steady latency',
  about:
    'Messages of 200 bytes at a fixed mean rate (Poisson) from 5,000 clients online; latency runs from the moment at which a message was to be sent, so waiting behind a slow server or driver counts.',
  run: (stage) => {
    const clients = stage.number('clients', 5_000);
    const people = neighbourhood(clients, clients * 2, BLOCK);
    return runMessages(stage, {
      world: people.plan,
      seats: people.seats,
      together: BLOCK,
      work: { kind: 'open', perSecond: stage.number('per-second', 10_000) },
      roomOf: (seat) => `pair/${seat >> 1}`,
      counted: 'messages',
    });
  },
};
