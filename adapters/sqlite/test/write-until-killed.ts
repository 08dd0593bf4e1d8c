/**
 * Writes messages into the store of the directory given as argument until it is killed. Says on its output what was acknowledged: one line
 * `<conversation> <seq> <text>` for each, written only after the store has resolved.
 */
import type { Append } from '@parley/core';
import { Builders, collectLog } from '@parley/testkit';
import { openSqliteStores } from '../src/open-sqlite-stores.ts';

const WRITERS = 40;

const directory = process.argv[2] ?? '';
const { stores } = await openSqliteStores({ directory, log: collectLog() });
const build = new Builders(stores);
const people = await build.people(4);
const [owner, ...members] = people;
if (owner === undefined) throw new Error('There are four people.');
const groups = [
  await build.group(owner, members),
  await build.group(owner, members),
  await build.group(owner, members),
];

async function writeForEver(writer: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const group = groups[(writer + number) % groups.length];
    const author = people[writer % people.length];
    if (group === undefined || author === undefined) throw new Error('There are groups and people.');
    const text = `message ${number} of writer ${writer}`;
    const append: Append = build.newMessage(author, group, text);
    const [outcome] = await stores.messageLog.append([append]);
    if (outcome?.kind !== 'appended') throw new Error(`Refused: ${outcome?.kind}.`);
    process.stdout.write(`${group} ${outcome.entry.seq} ${text}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForEver(writer)));
