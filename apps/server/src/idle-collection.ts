import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '@parley/core';

const LOOK_MS = 5_000;
/** Share of the time in which the loop was busy since the last look. Above it a pause could be felt. */
const BUSY_MAX = 0.2;
/** Growth of the heap since the last collection that is worth a pause. */
const GROWTH_BYTES = 16 * 2 ** 20;

/** A heap, the loop that uses it, and what can be done about it. */
export interface Heap {
  /** Memory that it holds of the system, in use or not. */
  heldBytes(): number;
  /** Share of the time since the last question in which the loop was busy. */
  busyShare(): number;
  /** Collects everything that can be and gives the memory back. */
  collect(): void;
}

/** The heap of this thread. */
export function ownHeap(): Heap {
  // V8 hides its collector behind a flag, which every context made while it is set can see.
  setFlagsFromString('--expose-gc');
  // The cast holds: https://nodejs.org/api/globals.html#gc
  const gc = runInNewContext('gc') as (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;
  setFlagsFromString('--no-expose-gc');
  let before = performance.eventLoopUtilization();
  return {
    heldBytes: () => getHeapSpaceStatistics().reduce((sum, space) => sum + space.physical_space_size, 0),
    busyShare() {
      const { utilization } = performance.eventLoopUtilization(before);
      before = performance.eventLoopUtilization();
      return utilization;
    },
    collect: () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  };
}

/**
 * Gives memory back when there is nothing else to do. V8 collects when it needs room, so what the start or a rush of new connections leaves behind would stay for as
 * long as the server is idle. A collection stops the loop for a tenth of a second and more, hence only an idle loop has one, and only after the heap has grown. Returns how
 * to end it.
 */
export function startIdleCollection(clock: Clock, heap: Heap): () => void {
  let heldAfterLast = 0;
  const look = (): void => {
    const isIdle = heap.busyShare() < BUSY_MAX;
    if (isIdle && heap.heldBytes() - heldAfterLast > GROWTH_BYTES) {
      heap.collect();
      heldAfterLast = heap.heldBytes();
    }
    cancel = clock.after(LOOK_MS, look);
  };
  let cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
