import { openSync, writeSync } from 'node:fs';
import { SeededRandom } from '@parley/testkit';
import type { UntimedLine } from '../checker/history.ts';
import { loadAll } from '../checker/load-all.ts';
import { Workload } from '../workload.ts';
import type { Answer, ProcessPlan, Request } from './device-messages.ts';
import { monotonicMs } from './monotonic.ts';
import { RealDevice } from './real-device.ts';

/** `device-process.ts <plan as JSON>`: a few devices, working as they are told. Each line of history is with the system before what follows from it happens. */

// The cast holds: the parent made it.
const plan = JSON.parse(process.argv[2] ?? '{}') as ProcessPlan;
const file = openSync(plan.historyFile, 'a');
const write = (line: UntimedLine): void => {
  writeSync(file, `${JSON.stringify({ at: monotonicMs(), ...line })}\n`);
};
process.on('unhandledRejection', (error) =>
  write({ type: 'escaped', what: `unhandled: ${error instanceof Error ? error.stack : String(error)}` }),
);
// Without a parent nobody wants the rest.
process.once('disconnect', () => process.exit());

const random = new SeededRandom(plan.seed);
const below = (limit: number): number => random.below(limit);
const devices = await Promise.all(plan.devices.map((device) => RealDevice.open(device, plan.life, write)));
const workload = new Workload({ write, below, users: plan.users, canErase: plan.canErase, firstOp: plan.firstOp });
const STEP_MS_MAX = 80;
let working: NodeJS.Timeout | undefined;
/** Orders that are not done yet. */
const underWay = new Map<number, string>();

function work(): void {
  const device = devices[below(devices.length)];
  // Now and then a burst, so that writes meet each other.
  const times = below(6) === 0 ? 5 : 1;
  for (let time = 0; time < times; time += 1) if (device !== undefined) workload.step(device);
  working = setTimeout(work, below(STEP_MS_MAX));
}

async function take(request: Request): Promise<string[]> {
  switch (request.do) {
    case 'work':
      working ??= setTimeout(work, 0);
      return [];
    case 'pause':
      clearTimeout(working);
      working = undefined;
      return [];
    // A hint, as a phone gives it: nobody waits longer for a network that is there.
    case 'online':
      for (const { client } of devices) client.networkChanged(true);
      return [];
    case 'burst': {
      const device = devices[below(devices.length)];
      if (device !== undefined) workload.burst(device, request.messages, request.textLength);
      return [];
    }
    case 'unfinished':
      return (await Promise.all(devices.map((device) => device.unfinished()))).flat();
    case 'load':
      for (const device of devices) device.keepHeld();
      await Promise.all(devices.filter(({ isSignedOut }) => !isSignedOut).map(loadAll));
      for (const device of devices) device.closedChannels();
      return [];
    case 'view':
      for (const device of devices) device.view();
      return devices.filter(({ isSignedOut }) => isSignedOut).map(({ name }) => name);
    case 'describe':
      return [...devices.map((device) => device.describe()), `orders under way: ${[...underWay.values()].join()}`];
    case 'close':
      await Promise.all(devices.map(({ client }) => client.close()));
      return [];
  }
}

process.on('message', ({ id, request }: { readonly id: number; readonly request: Request }) => {
  underWay.set(id, request.do);
  const answer = (lines: string[]): void => {
    underWay.delete(id);
    process.send?.({ id, lines } satisfies Answer);
  };
  take(request).then(answer, (error: unknown) => {
    write({ type: 'escaped', what: `${request.do}: ${error instanceof Error ? error.stack : String(error)}` });
    answer([]);
  });
});
process.send?.({ id: 0, lines: [] } satisfies Answer);
