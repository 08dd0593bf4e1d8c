import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layer } from './layers.ts';

const SOURCE = fileURLToPath(new URL('./unsynced-disk.c', import.meta.url));
const DISK_MIB = 96;
const PAGE_BYTES = 4_096;
/** What is kept begins with the size of the file. */
const SIZE_BYTES = 8;

type Flag = 'fsync-fails' | 'fsync-ignored' | 'disk-full';

/**
 * The disk of the server: it can be full, refuse to sync, and forget what was not synced when the power goes. The first needs root (a small disk in memory) or
 * a C compiler, the others a compiler (a layer under the server, `unsynced-disk.c`); `lacks` says what is left out and why.
 */
export class UnsyncedDisk {
  readonly folder: string;
  readonly data: string;
  readonly lacks: readonly string[];
  readonly #library: string | undefined;
  readonly #isSmall: boolean;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'parley-faults-'));
    this.data = join(this.folder, 'data');
    for (const name of ['data', 'undo', 'control']) mkdirSync(join(this.folder, name));
    this.#isSmall = mountSmallDisk(this.data);
    this.#library = compileLayer(this.folder);
    const noCompiler = this.#library === undefined ? ['power cuts and failing fsync (no C compiler; install gcc)'] : [];
    const noFullDisk = this.canBeFull ? [] : ['full disks (neither root nor a C compiler)'];
    this.lacks = [...noCompiler, ...noFullDisk];
  }

  /** Power can be cut, and fsync can fail. */
  get hasLayer(): boolean {
    return this.#library !== undefined;
  }

  get canBeFull(): boolean {
    return this.#isSmall || this.hasLayer;
  }

  /** For the server's process. */
  get layer(): Layer {
    const variables = {
      FAULTS_DATA: this.data,
      FAULTS_UNDO: join(this.folder, 'undo'),
      FAULTS_CONTROL: join(this.folder, 'control'),
    };
    return { library: this.#library, variables };
  }

  set(flag: Flag, isSet: boolean): void {
    const path = join(this.folder, 'control', flag);
    if (isSet) writeFileSync(path, '');
    else rmSync(path, { force: true });
  }

  /** Not one byte more. */
  fill(): void {
    if (!this.#isSmall) return this.set('disk-full', true);
    for (let bytes = 8 << 20; bytes >= PAGE_BYTES; bytes >>= 1)
      try {
        for (;;) writeFileSync(this.#ballast, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        // Full for this size: the next smaller one.
      }
  }

  free(): void {
    this.set('disk-full', false);
    rmSync(this.#ballast, { force: true });
  }

  /**
   * The server is dead and the power gone: what was not synced is lost, all of it or any pages of it, as `loses` decides for each page. Returns how many
   * files had something to lose.
   */
  cutPower(loses: () => boolean): number {
    const undo = join(this.folder, 'undo');
    let files = 0;
    for (const name of readdirSync(this.data)) {
      const path = join(this.data, name);
      const about = statSync(path);
      const kept = join(undo, String(about.ino));
      // Killed before the size was kept: the write that it was kept for was not made.
      if (!about.isFile() || !existsSync(kept) || statSync(kept).size < SIZE_BYTES) continue;
      files += 1;
      writeFileSync(path, mixed(syncedContent(readFileSync(path), readFileSync(kept)), readFileSync(path), loses));
    }
    for (const name of readdirSync(undo)) rmSync(join(undo, name));
    rmSync(join(this.data, 'parley.db-shm'), { force: true });
    return files;
  }

  close(): void {
    if (this.#isSmall) execFileSync('umount', ['--lazy', this.data]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #ballast(): string {
    return join(this.data, 'ballast');
  }
}

function mountSmallDisk(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether the layer can be built here. */
export function hasCompiler(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'parley-layer-'));
  const library = compileLayer(folder);
  rmSync(folder, { recursive: true });
  return library !== undefined;
}

function compileLayer(folder: string): string | undefined {
  const library = join(folder, 'unsynced-disk.so');
  if (process.platform !== 'linux') return undefined;
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl', '-lpthread'], { stdio: 'ignore' });
    return library;
  } catch {
    return undefined;
  }
}

/** The file as it was at its last sync. `kept`: its size then, and what later writes replaced: place, length, bytes. */
function syncedContent(now: Buffer, kept: Buffer): Buffer {
  const size = Number(kept.readBigInt64LE(0));
  const then = Buffer.alloc(Math.max(size, now.length));
  now.copy(then);
  const records: { readonly at: number; readonly bytes: Buffer }[] = [];
  for (let place = SIZE_BYTES; place + 16 <= kept.length; ) {
    const at = Number(kept.readBigInt64LE(place));
    const end = place + 16 + Number(kept.readBigInt64LE(place + 8));
    // Half a record: the write that it belongs to was not made.
    if (end > kept.length) break;
    records.push({ at, bytes: kept.subarray(place + 16, end) });
    place = end;
  }
  for (const { at, bytes } of records.reverse()) bytes.copy(then, at);
  return then.subarray(0, size);
}

/** Each page as it was or as it is; the end as it was when the last page is lost. */
function mixed(then: Buffer, now: Buffer, loses: () => boolean): Buffer {
  const pages: Buffer[] = [];
  for (let at = 0; at < Math.max(then.length, now.length); at += PAGE_BYTES) {
    const [old, fresh] = [then.subarray(at, at + PAGE_BYTES), now.subarray(at, at + PAGE_BYTES)];
    // A page that the file has only because a later one was written is empty.
    if (loses()) pages.push(old.length === 0 && at + PAGE_BYTES < now.length ? Buffer.alloc(PAGE_BYTES) : old);
    else pages.push(fresh);
  }
  return Buffer.concat(pages);
}
