import { closeSync, existsSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Config, readConfig } from '../config.ts';
import { VERSION } from '../version.ts';

interface Finding {
  readonly what: string;
  readonly value: string;
  /** What it means and, when it is a problem, what to do. */
  readonly verdict: 'good' | 'note' | 'problem';
  readonly meaning: string;
}

const FSYNC_ROUNDS = 200;
const SLOW_FSYNC_MS = 10;
const FEW_FILES = 10_000;
const LITTLE_SPACE_BYTES = 1_073_741_824;

const gib = (bytes: number): string => `${(bytes / 1_073_741_824).toFixed(1)} GiB`;

/** The data folder, or the nearest folder above it that is there. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Median of many small appends with fdatasync: what one acknowledgement costs at least on this disk. */
function measureFsyncMs(folder: string): number {
  const directory = mkdtempSync(join(folder, '.parley-doctor-'));
  try {
    const file = openSync(join(directory, 'probe'), 'w');
    const block = Buffer.alloc(512, 1);
    const times: number[] = [];
    for (let round = 0; round < FSYNC_ROUNDS; round += 1) {
      const startedAt = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      times.push(performance.now() - startedAt);
    }
    closeSync(file);
    return times.sort((one, other) => one - other)[FSYNC_ROUNDS / 2] ?? Number.NaN;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function checkDisk(config: Config): Finding[] {
  const folder = nearestFolder(config.dataDirectory);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const space: Finding = {
    what: 'Free space for data',
    value: gib(free),
    verdict: free < LITTLE_SPACE_BYTES ? 'problem' : 'good',
    meaning:
      free < LITTLE_SPACE_BYTES
        ? `Make room on the disk of ${folder}: on a full disk nothing can be sent.`
        : 'A message takes about half a kilobyte.',
  };
  try {
    const fsyncMs = measureFsyncMs(folder);
    const slow = fsyncMs > SLOW_FSYNC_MS;
    return [
      space,
      {
        what: 'Flushing to disk',
        value: `${fsyncMs.toFixed(2)} ms (median of ${FSYNC_ROUNDS})`,
        verdict: slow ? 'note' : 'good',
        meaning: slow
          ? 'Every acknowledgement waits for this; a faster disk makes sending faster.'
          : 'Every acknowledgement waits for this; many share one flush.',
      },
    ];
  } catch (error) {
    return [
      space,
      {
        what: 'Flushing to disk',
        value: 'not possible',
        verdict: 'problem',
        meaning: `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      },
    ];
  }
}

async function checkOpenFiles(): Promise<Finding> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const soft = Number(/Max open files\s+(\d+)/.exec(limits)?.[1] ?? Number.NaN);
  if (Number.isNaN(soft))
    return {
      what: 'Open files',
      value: 'unknown here',
      verdict: 'note',
      meaning: 'Each connection needs one; see "ulimit -n".',
    };
  return {
    what: 'Open files',
    value: String(soft),
    verdict: soft < FEW_FILES ? 'note' : 'good',
    meaning:
      soft < FEW_FILES
        ? `Each connection needs one: about ${Math.max(0, soft - 100)} people can be connected. "ulimit -n 65536" before starting raises it.`
        : `Each connection needs one: about ${soft - 100} connections.`,
  };
}

function checkPort(config: Config): Promise<Finding> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve({
        what: `Port ${config.port}`,
        value: error.code === 'EADDRINUSE' ? 'in use' : String(error.code),
        verdict: error.code === 'EADDRINUSE' ? 'note' : 'problem',
        meaning:
          error.code === 'EADDRINUSE'
            ? 'Something listens there: perhaps Parley itself. Another port: --port 8081.'
            : 'This user cannot listen there; choose a port above 1023.',
      }),
    );
    probe.listen(config.port, config.host, () => {
      probe.close(() =>
        resolve({
          what: `Port ${config.port}`,
          value: 'free',
          verdict: 'good',
          meaning: 'The server can listen there.',
        }),
      );
    });
  });
}

function checkVersions(): Finding[] {
  const database = new DatabaseSync(':memory:');
  const sqlite = String(database.prepare('SELECT sqlite_version() AS version').get()?.version);
  database.close();
  return [
    { what: 'Parley', value: VERSION, verdict: 'good', meaning: '' },
    {
      what: 'Node',
      value: process.version,
      verdict: Number(process.versions.node.split('.')[0]) >= 24 ? 'good' : 'problem',
      meaning: 'Parley runs on 24 or newer.',
    },
    { what: 'SQLite', value: sqlite, verdict: 'good', meaning: 'Part of Node.' },
    {
      what: 'Processors',
      value: String(availableParallelism()),
      verdict: 'good',
      meaning: 'One process uses about two: one for connections, one for the store.',
    },
    {
      what: 'Memory',
      value: `${gib(freemem())} free of ${gib(totalmem())}`,
      verdict: freemem() < 268_435_456 ? 'note' : 'good',
      meaning: 'An idle server takes well under 0.2 GiB.',
    },
  ];
}

const MARK = { good: 'ok  ', note: 'note', problem: 'BAD ' } as const;

/** `parley doctor`: what limits this machine, each line with its meaning. Exit code 1 when something keeps the server from working. */
export async function doctor(args: readonly string[]): Promise<number> {
  const config = readConfig(args);
  const findings = [...checkVersions(), ...checkDisk(config), await checkOpenFiles(), await checkPort(config)];
  const width = Math.max(...findings.map((finding) => finding.what.length)) + 2;
  for (const finding of findings) {
    process.stdout.write(
      `${MARK[finding.verdict]}  ${finding.what.padEnd(width)}${finding.value}${finding.meaning === '' ? '' : `  — ${finding.meaning}`}\n`,
    );
  }
  const problems = findings.filter((finding) => finding.verdict === 'problem').length;
  process.stdout.write(
    problems === 0
      ? 'Nothing keeps a server from running here.\n'
      : `${problems} of these must be mended before a server can run here.\n`,
  );
  return problems === 0 ? 0 : 1;
}
