import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Histogram, type Quantiles } from './histogram.ts';

const SYNCS = 500;
const BLOCK = Buffer.alloc(4_096, 0x78);

/** What a flush costs where the server keeps its data: `fdatasync` after 4 KiB appended, µs. No acknowledgement can be faster. */
export function measureDisk(directory: string): Quantiles {
  const path = join(directory, 'sync-floor');
  const file = openSync(path, 'w');
  const histogram = new Histogram();
  try {
    for (let done = 0; done < SYNCS; done += 1) {
      writeSync(file, BLOCK);
      const from = performance.now();
      fdatasyncSync(file);
      histogram.add((performance.now() - from) * 1_000);
    }
  } finally {
    closeSync(file);
    rmSync(path);
  }
  return histogram.quantiles();
}
