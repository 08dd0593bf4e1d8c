import { SeededRandom } from '@parley/testkit';
import type { HistoryLine, UntimedLine } from '../checker/history.ts';
import { SimulationClock } from './simulation-clock.ts';

/** How often things go wrong, each as a chance in [0, 1) unless it says otherwise. */
export interface Weather {
  readonly storeFailsBefore: number;
  readonly storeFailsAfter: number;
  readonly storeReadFails: number;
  readonly storeSlow: number;
  readonly brokerLoses: number;
  readonly brokerRepeats: number;
  /** Greatest delay of a broker event in ms: more than one apart may overtake each other. */
  readonly brokerDelayMs: number;
  readonly requestLost: number;
  readonly answerLost: number;
  /** An answer comes long after what was told meanwhile on the device's line. */
  readonly answerLate: number;
  /** A receipt's cursor does not get to the store. */
  readonly cursorsFail: number;
  /** Greatest time that a read of the store takes, in ms. */
  readonly storeReadMs: number;
  /** Greatest delay of a line in one direction, in ms. */
  readonly lineDelayMs: number;
}

export const CALM: Weather = {
  storeFailsBefore: 0,
  storeFailsAfter: 0,
  storeReadFails: 0,
  storeSlow: 0,
  brokerLoses: 0,
  brokerRepeats: 0,
  brokerDelayMs: 2,
  requestLost: 0,
  answerLost: 0,
  answerLate: 0,
  cursorsFail: 0,
  storeReadMs: 0,
  lineDelayMs: 3,
};

/** What all parts of one simulated run share: time, chance, weather and the history that is being written. */
export class World {
  readonly seed: number;
  readonly clock = new SimulationClock();
  readonly history: HistoryLine[] = [];
  weather: Weather = CALM;
  /** Separate streams, so that one more draw in one part does not change all others. */
  readonly chances: Readonly<Record<'workload' | 'faults' | 'store' | 'broker' | 'line', SeededRandom>>;
  readonly #startedAt = this.clock.now();

  constructor(seed: number) {
    this.seed = seed;
    const stream = (number: number): SeededRandom =>
      new SeededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ (number * 0x85ebca6b));
    this.chances = {
      workload: stream(1),
      faults: stream(2),
      store: stream(3),
      broker: stream(4),
      line: stream(5),
    };
  }

  stream(number: number): SeededRandom {
    return new SeededRandom(Math.imul(this.seed + 1, 0x9e3779b1) ^ ((100 + number) * 0xc2b2ae35));
  }

  readonly write = (line: UntimedLine): void => {
    // The cast holds: a line without its time, and the time.
    this.history.push({ at: this.clock.now() - this.#startedAt, ...line } as HistoryLine);
  };
}

/** A promise of somebody who is dead. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
