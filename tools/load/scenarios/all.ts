import { bigChannel } from './big-channel.ts';
import { bytes } from './bytes.ts';
import { crashStorm } from './crash-storm.ts';
import { durablePairs } from './durable-pairs.ts';
import { historyAndList } from './history-and-list.ts';
import { idleDensity } from './idle-density.ts';
import { pipelined } from './pipelined.ts';
import { roomFanOut } from './room-fan-out.ts';
import type { Scenario } from './scenario.ts';
import { signals } from './signals.ts';
import { steadyLatency } from './steady-latency.ts';

export const SCENARIOS: readonly Scenario[] = [
  durablePairs,
  pipelined,
  steadyLatency,
  roomFanOut,
  bigChannel,
  idleDensity,
  crashStorm,
  historyAndList,
  signals,
  bytes,
];
