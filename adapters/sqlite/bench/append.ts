/**
 * Appends messages of 200 bytes with 1, 16, 200 and 1,000 in flight and prints what a machine can do:
 * `node adapters/sqlite/bench/append.ts [directory]`. Run it alone; the directory should be on the disk that the server will use.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builders, collectLog } from '@parley/testkit';
import { openSqliteStores } from '../src/open-sqlite-stores.ts';
import { storeFilesIn } from '../src/store-files.ts';

const MESSAGE_BYTES = 200;
const CONVERSATIONS = 1_000;
const PEOPLE = 100;
const SECONDS_MS = 8_000;
const SYNCS = 1_000;

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'parley-bench-'));
const text = 'x'.repeat(MESSAGE_BYTES);

const quantile = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);

function syncFloor(): string {
  const file = openSync(join(directory, 'floor'), 'w');
  const block = Buffer.alloc(4_096);
  const times = Array.from({ length: SYNCS }, () => {
    const from = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - from;
  }).sort((one, other) => one - other);
  closeSync(file);
  return `p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`;
}

console.log(`fdatasync of 4 KiB appended: ${syncFloor()}`);
const store = await openSqliteStores({ directory, log: collectLog() });
const build = new Builders(store.stores);
const people = await build.people(PEOPLE);
const groups = await Promise.all(
  Array.from({ length: CONVERSATIONS }, (_, number) => {
    const [owner, other] = [people[number % PEOPLE], people[(number * 7 + 1) % PEOPLE]];
    if (owner === undefined || other === undefined) throw new Error('There are enough people.');
    return build.group(owner, owner === other ? [] : [other]).then((group) => ({ group, owner }));
  }),
);

async function measure(inFlight: number): Promise<number> {
  const times: number[] = [];
  const commitsBefore = store.counters().commits;
  const from = performance.now();
  const until = from + SECONDS_MS;
  async function writer(number: number): Promise<void> {
    for (let sent = number; performance.now() < until; sent += 7) {
      const place = groups[(sent * 31) % CONVERSATIONS];
      if (place === undefined) throw new Error('There are enough conversations.');
      const append = build.newMessage(place.owner, place.group, text);
      const start = performance.now();
      const [outcome] = await store.stores.messageLog.append([append]);
      if (outcome?.kind !== 'appended') throw new Error(`Refused: ${outcome?.kind}.`);
      times.push(performance.now() - start);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, number) => writer(number)));
  const seconds = (performance.now() - from) / 1_000;
  times.sort((one, other) => one - other);
  const rate = (count: number): string => Math.round(count / seconds).toString();
  console.log(
    `${String(inFlight).padStart(5)} in flight: ${rate(times.length)} acknowledged/s, p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms, ` +
      `p99.9 ${quantile(times, 0.999)} ms, ${rate(store.counters().commits - commitsBefore)} commits/s`,
  );
  return times.length;
}

const { database } = storeFilesIn(directory);
const bytesBefore = statSync(database).size;
let messages = 0;
for (const inFlight of [1, 16, 200, 1_000]) messages += await measure(inFlight);
const findings = (await store.audit()).findings.length;
await store.close();
const bytes = (statSync(database).size - bytesBefore) / messages;
console.log(
  `${messages} messages, ${bytes.toFixed(0)} bytes in the file for each with all indexes: ${(bytes / MESSAGE_BYTES).toFixed(2)} times the text; ${findings} findings of the audit`,
);
rmSync(directory, { recursive: true });
