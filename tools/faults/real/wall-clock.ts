import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from './layers.ts';

/** The wall clock of a process, set apart from the machine's by libfaketime where that is installed. */
export class WallClock {
  readonly #library = findLibrary();
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'clock');
    this.set(0);
  }

  /** False: libfaketime is not there. */
  get canBeSet(): boolean {
    return this.#library !== undefined;
  }

  set(aheadSeconds: number): void {
    writeFileSync(this.#file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  }

  /** Takes away what libfaketime leaves in shared memory when its process is killed: two names for each, and ids of processes come again. */
  tidyAfter(pid: number): void {
    if (!this.canBeSet) return;
    for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
      rmSync(join('/dev/shm', name), { force: true });
  }

  get layer(): Layer {
    const variables = {
      FAKETIME_TIMESTAMP_FILE: this.#file,
      // Timers follow a clock that nobody sets; the file is read again every second.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_CACHE_DURATION: '1',
    };
    return { library: this.#library, variables };
  }
}

/** Debian puts it into a folder of the architecture. */
function findLibrary(): string | undefined {
  const name = 'libfaketimeMT.so.1';
  try {
    for (const folder of readdirSync('/usr/lib', { withFileTypes: true }).filter((one) => one.isDirectory()))
      for (const place of [`/usr/lib/${folder.name}/faketime`, `/usr/lib/${folder.name}`])
        if (filesOf(place).includes(name)) return join(place, name);
  } catch {
    return undefined;
  }
  return undefined;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
