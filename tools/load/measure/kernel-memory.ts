import { readFileSync } from 'node:fs';

/**
 * Bytes that the kernel holds in its object caches (sockets, files, buffers) on the whole machine, Linux only; NaN elsewhere. Divided by the ends of the connections
 * opened in between it says what a socket costs outside of every process.
 */
export function kernelObjectBytes(): number {
  if (process.platform !== 'linux') return Number.NaN;
  return Number(/^Slab:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1_024;
}
