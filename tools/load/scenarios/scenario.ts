import type { SubprotocolName } from '@parley/protocol';
import type { FilledBuckets } from '../measure/histogram.ts';
import type { PeerName } from '../peers/peers.ts';
import type { FigureBook } from '../report/figures.ts';
import type { Progress } from '../report/progress.ts';

/** What the command line decides for all scenarios. */
export interface Settings {
  readonly codec: SubprotocolName;
  readonly textBytes: number;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** At least so many driver processes; more where the limit of open files wants it. */
  readonly processes: number;
  /** Peers that run in the same rounds. */
  readonly peers: readonly PeerName[];
  /** Another checkout of Parley that runs in the same rounds. */
  readonly beside: string | undefined;
  /** Every other `--name value`, as a number. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** What a scenario works with. */
export interface Stage {
  readonly settings: Settings;
  /** A folder of its own, removed afterwards: on the disk that is measured. */
  readonly directory: string;
  readonly book: FigureBook;
  readonly progress: Progress;
  /** `--name`, or the scenario's own default; what was used stands in the result. */
  number(name: string, fallback: number): number;
  keepHistogram(name: string, histogram: FilledBuckets): void;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is counted, in plain words; stands above the table. */
  readonly about: string;
  run(stage: Stage): Promise<void>;
}
