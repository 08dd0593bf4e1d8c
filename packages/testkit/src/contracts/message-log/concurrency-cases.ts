import type { Append, AppendOutcome } from '@parley/core';
import { expect } from 'vitest';
import { readWholeLog } from '../read-everything.ts';
import type { StoreTest } from '../store-test.ts';

const seqOf = (outcome: AppendOutcome) =>
  outcome.kind === 'appended' || outcome.kind === 'duplicate' ? outcome.entry.seq : undefined;

/** Writers that do not wait for each other. */
export function concurrencyCases(test: StoreTest): void {
  test('[S1] concurrent appends of many conversations and devices leave no gap and no double', async ({
    stores,
    build,
  }) => {
    const people = await build.people(4);
    const devices = [...people];
    for (const { userId } of people) devices.push(await build.deviceOf(userId));
    const [owner, ...members] = people;
    if (owner === undefined) throw new Error('There are four people.');
    const groups = [];
    for (let made = 0; made < 6; made += 1) groups.push(await build.group(owner, members));

    const appends: Append[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (const group of groups) {
        for (const device of devices) appends.push(build.newMessage(device, group, `message ${round}`));
      }
    }
    const shuffled = appends.sort(() => build.random.fraction() - 0.5);
    const batches: Append[][] = [];
    for (let start = 0; start < shuffled.length; ) {
      const end = start + 1 + build.random.below(5);
      batches.push(shuffled.slice(start, end));
      start = end;
    }
    const outcomes = (await Promise.all(batches.map((batch) => stores.messageLog.append(batch)))).flat();
    expect(outcomes.every(({ kind }) => kind === 'appended')).toBe(true);

    for (const group of groups) {
      const entries = await readWholeLog(stores.messageLog, group, 50);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      expect(entries.map(({ count }) => count)).toEqual(entries.map((_, index) => Math.max(0, index - 1)));
      const acknowledged = outcomes.flatMap((outcome) =>
        outcome.kind === 'appended' && outcome.entry.conversation_id === group ? [outcome.entry] : [],
      );
      expect(acknowledged.sort((one, other) => one.seq - other.seq)).toEqual(entries.slice(2));
    }
  });

  test('[SEND-10] appends that one caller hands over one after the other keep their order without waiting', async ({
    stores,
    build,
  }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const appends = Array.from({ length: 50 }, (_, index) => build.newMessage(alice, group, `message ${index}`));
    const outcomes = (await Promise.all(appends.map((append) => stores.messageLog.append([append])))).flat();
    expect(outcomes.map(seqOf)).toEqual(appends.map((_, index) => index + 2));
  });

  test('[S3] one key sent many times at once is stored once', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    const append = build.newMessage(alice, group, 'impatient');
    const outcomes = (await Promise.all(Array.from({ length: 20 }, () => stores.messageLog.append([append])))).flat();
    expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(new Set(outcomes.map(seqOf))).toEqual(new Set([2]));
  });

  test('[SEND-5] a removal and a send cannot cross: nothing of the removed lies behind the removal', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const send = () => stores.messageLog.append([build.newMessage(bob, group, 'still here')]);
    const early = Array.from({ length: 10 }, send);
    const removal = build.remove(alice, group, bob);
    const late = Array.from({ length: 10 }, send);
    const outcomes = (await Promise.all([...early, ...late])).flat();
    const removed = await removal;
    if (removed.kind !== 'changed') throw new Error(`The removal was refused: ${removed.kind}.`);
    for (const outcome of outcomes) {
      if (outcome.kind === 'appended') expect(outcome.entry.seq).toBeLessThan(removed.entry.seq);
      else expect(outcome).toEqual({ kind: 'not_a_member' });
    }
    const entries = await readWholeLog(stores.messageLog, group);
    expect(entries.at(-1)).toEqual(removed.entry);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  });

  test('[S15] what was answered can be read at once', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    for (let round = 0; round < 10; round += 1) {
      const entry = await build.send(alice, group, `message ${round}`);
      const [range, heads, message] = await Promise.all([
        stores.messageLog.readAfter(group, entry.seq - 1, 10),
        stores.messageLog.heads([group]),
        stores.messageLog.message(group, entry.seq, alice.userId),
      ]);
      expect(range).toEqual({ entries: [entry], coveredUpTo: entry.seq, headSeq: entry.seq });
      expect(heads.get(group)?.seq).toBe(entry.seq);
      expect(message?.message_id).toBe(entry.message_id);
    }
  });
}
