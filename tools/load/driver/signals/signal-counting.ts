import { type FilledBuckets, Histogram } from '../../measure/histogram.ts';

/** What people in a group tell each other without writing. */
export const SIGNALS = ['typing', 'delivered', 'read', 'presence'] as const;
export type Signal = (typeof SIGNALS)[number];

/** The frames that tell of them: one tells who has a message and who has read it. */
export const TELLINGS = ['typing', 'receipts', 'presence'] as const;
export type Telling = (typeof TELLINGS)[number];
export const TELLING_OF = {
  typing: 'typing',
  delivered: 'receipts',
  read: 'receipts',
  presence: 'presence',
} as const satisfies Record<Signal, Telling>;

export interface SignalTally {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly messages: number;
  /** Frames about a reader's own cursor, for the other devices of the same person. */
  readonly ownFrames: number;
  readonly signals: Readonly<Record<Signal, OneSignal>>;
  /** Frames that arrived. */
  readonly frames: Readonly<Record<Telling, number>>;
  /** µs from leaving to the news of it: PRES-2 holds it back for 5 s. */
  readonly awayUs: FilledBuckets;
}

interface OneSignal {
  /** A key, a message that arrived or was read, a connection that came or went. */
  readonly events: number;
  /** Frames if each event were one frame for each other member who is online. */
  readonly due: number;
  /** µs from an event to the arrival of the first frame that tells of it, at each member. */
  readonly lagUs: FilledBuckets;
}

/** What all groups of one process count between "measure" and "finish". */
export class SignalCounting {
  readonly events = zeros();
  readonly due = zeros();
  readonly frames: Record<Telling, number> = { typing: 0, receipts: 0, presence: 0 };
  readonly lagUs = bySignal(() => new Histogram());
  readonly awayUs = new Histogram();
  messages = 0;
  ownFrames = 0;
  readonly #startedAt = performance.now();
  readonly #cpuBefore = process.cpuUsage();

  happened(signal: Signal, listeners: number): void {
    this.events[signal] += 1;
    this.due[signal] += listeners;
  }

  tally(): SignalTally {
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    return {
      seconds: (performance.now() - this.#startedAt) / 1_000,
      cpuSeconds: (user + system) / 1_000_000,
      messages: this.messages,
      ownFrames: this.ownFrames,
      awayUs: this.awayUs.filled(),
      frames: this.frames,
      signals: bySignal((signal) => ({
        events: this.events[signal],
        due: this.due[signal],
        lagUs: this.lagUs[signal].filled(),
      })),
    };
  }
}

const bySignal = <T>(make: (signal: Signal) => T): Record<Signal, T> => ({
  typing: make('typing'),
  delivered: make('delivered'),
  read: make('read'),
  presence: make('presence'),
});

const zeros = (): Record<Signal, number> => bySignal(() => 0);
