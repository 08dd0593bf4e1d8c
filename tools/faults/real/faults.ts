import type { DeviceGroup } from './device-group.ts';
import type { Stage } from './stage.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** Something that goes wrong with real processes, and is over when it resolves, except what devices have to notice for themselves. */
export interface RealFault {
  readonly name: string;
  /** How many of a deck of faults. */
  readonly times: number;
  isPossible?(stage: Stage): boolean;
  cause(stage: Stage): Promise<void>;
}

const pick = <T>(stage: Stage, items: Iterable<T>): T => {
  const all = [...items];
  // The cast holds: a stage has devices and groups.
  return all[stage.random.below(all.length)] as T;
};
const someProxy = (stage: Stage): TcpProxy => pick(stage, stage.proxies.values());
const someGroup = (stage: Stage): DeviceGroup => pick(stage, stage.groups);

async function restart(stage: Stage): Promise<void> {
  await stage.someTime(0, 400);
  await stage.server.start();
}

export const REAL_FAULTS: readonly RealFault[] = [
  {
    name: 'server killed',
    times: 4,
    async cause(stage) {
      await stage.server.end('SIGKILL');
      await restart(stage);
    },
  },
  {
    name: 'power cut: what was not synced is lost',
    times: 4,
    isPossible: ({ disk }) => disk.hasLayer,
    async cause(stage) {
      await stage.server.end('SIGKILL');
      const part = [1, 1, 0.5][stage.random.below(3)] ?? 1;
      stage.disk.cutPower(() => stage.random.fraction() < part);
      await restart(stage);
    },
  },
  {
    name: 'server stopped',
    times: 1,
    async cause(stage) {
      await stage.server.end('SIGTERM');
      await restart(stage);
    },
  },
  {
    name: 'server frozen',
    times: 2,
    async cause(stage) {
      stage.server.signal('SIGSTOP');
      await stage.someTime(200, 2_000);
      stage.server.signal('SIGCONT');
    },
  },
  {
    name: 'disk full',
    times: 2,
    isPossible: ({ disk }) => disk.canBeFull,
    async cause(stage) {
      stage.disk.fill();
      await stage.someTime(300, 1_500);
      if (stage.random.below(3) === 0) await stage.server.end('SIGKILL');
      stage.disk.free();
      if (stage.server.isDown) await restart(stage);
    },
  },
  {
    name: 'fsync fails',
    times: 2,
    isPossible: ({ disk }) => disk.hasLayer,
    async cause(stage) {
      stage.disk.set('fsync-fails', true);
      await stage.someTime(200, 1_000);
      stage.disk.set('fsync-fails', false);
    },
  },
  {
    name: 'clock of the server jumps',
    times: 3,
    isPossible: ({ server }) => server.clock.canBeSet,
    async cause(stage) {
      stage.server.clock.set(pick(stage, [3_600, -3_600, 86_400, 45, -45, 0]));
    },
  },
  {
    name: 'line cut',
    times: 3,
    cause: async (stage) => someProxy(stage).endAll('cut'),
  },
  {
    name: 'line reset',
    times: 2,
    cause: async (stage) => someProxy(stage).endAll('reset'),
  },
  {
    name: 'line frozen (half open)',
    times: 2,
    async cause(stage) {
      const lines = [...someProxy(stage).lines];
      for (const line of lines) line.freeze('up', 'down');
      if (stage.random.below(2) === 0) return;
      await stage.someTime(200, 2_000);
      for (const line of lines) line.thaw();
    },
  },
  {
    name: 'lines slow',
    times: 1,
    async cause(stage) {
      for (const proxy of stage.proxies.values())
        proxy.weather = { delayMs: stage.random.below(150), bytesPerSecond: 200_000 };
    },
  },
  {
    name: 'line throttled to 2 KB/s',
    times: 1,
    async cause(stage) {
      someProxy(stage).weather = { delayMs: 20, bytesPerSecond: 2_000 };
    },
  },
  {
    name: 'reader that does not read, while much is said',
    times: 1,
    async cause(stage) {
      const lines = [...someProxy(stage).lines];
      for (const line of lines) line.freeze('down');
      await someGroup(stage).ask({ do: 'burst', messages: 250, textLength: 12_000 });
      await stage.someTime(1_500, 2_500);
      for (const line of lines) line.thaw();
    },
  },
  {
    name: 'all devices back at once',
    times: 2,
    async cause(stage) {
      for (const proxy of stage.proxies.values()) proxy.endAll('reset');
    },
  },
  {
    name: 'device without a network',
    times: 2,
    async cause(stage) {
      const proxy = someProxy(stage);
      proxy.isOffline = true;
      proxy.endAll('cut');
      await stage.someTime(300, 2_000);
      proxy.isOffline = false;
    },
  },
  {
    name: 'device more than 500 entries behind',
    times: 1,
    async cause(stage) {
      const proxy = someProxy(stage);
      proxy.isOffline = true;
      proxy.endAll('cut');
      await someGroup(stage).ask({ do: 'burst', messages: 560, textLength: 20 });
      await stage.someTime(3_000, 4_000);
      proxy.isOffline = false;
    },
  },
  {
    name: 'devices killed',
    times: 2,
    async cause(stage) {
      const group = someGroup(stage);
      await group.kill();
      await stage.someTime(0, 1_000);
      await group.start();
    },
  },
  {
    name: 'devices frozen',
    times: 1,
    async cause(stage) {
      const group = someGroup(stage);
      group.signal('SIGSTOP');
      await stage.someTime(200, 2_000);
      group.signal('SIGCONT');
    },
  },
];

/** A shuffled deck of `least` faults or somewhat more, in which every possible one comes up. `only`: those whose names contain one of these. */
export function deckFor(stage: Stage, only: readonly string[], least: number): RealFault[] {
  const possible = REAL_FAULTS.filter(
    (fault) =>
      (fault.isPossible?.(stage) ?? true) && (only.length === 0 || only.some((name) => fault.name.includes(name))),
  );
  const once = possible.flatMap((fault) => Array.from({ length: fault.times }, () => fault));
  // Where only some are wanted they come as often as all would.
  const deck = Array.from({ length: Math.ceil(least / Math.max(1, once.length)) }, () => once).flat();
  for (let left = deck.length; left > 1; left -= 1) {
    const other = stage.random.below(left);
    const [one, two] = [deck[left - 1], deck[other]];
    if (one === undefined || two === undefined) break;
    deck[left - 1] = two;
    deck[other] = one;
  }
  return deck;
}
