import type { LogEntry } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { alice, bob, listener, StreamWorld, upTo } from '../../test/stream-world.ts';
import { StoreError } from '../ports/store-error.ts';

describe('a topic stream', () => {
  it('[SYNC-3] delivers in seq order, each once, whatever order they come in', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    const [one, two, three] = world.writeMany(3) as [LogEntry, LogEntry, LogEntry];
    for (const entry of [two, one, one, three, two]) world.stream.accept(entry, null);
    await world.settle();
    expect(to.heard).toEqual([1, 2, 3]);
  });

  it('[SYNC-3] a lost entry is read from the log, by one reader at a time', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    const entries = world.writeMany(6);
    for (const entry of entries.slice(3)) world.stream.accept(entry, null);
    expect(world.reads).toBe(1);
    await world.settle();
    expect(to.heard).toEqual(upTo(0, 6));
    expect(world.reads).toBe(1);
  });

  it('[SYNC-3] what is heard while the log is being read is not taken for untrue because that read does not have it', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    const gate = Promise.withResolvers<void>();
    let waits = 0;
    world.wait = async () => {
      waits += 1;
      if (waits === 2) await gate.promise;
    };
    world.write();
    world.stream.accept(world.write(), null);
    await world.settle();
    world.write();
    world.stream.accept(world.write(), null);
    gate.resolve();
    await world.settle();
    expect(to.heard).toEqual([1, 2, 3, 4]);
  });

  it('a head that the log does not have is believed no longer than one read', async () => {
    const world = new StreamWorld();
    const to = listener();
    world.writeMany(3);
    await world.attach(to);
    world.stream.checkHead(99);
    await world.settle();
    expect(world.reads).toBe(1);
    world.stream.accept(world.write(), null);
    expect(to.heard).toEqual([4]);
    expect(world.reads).toBe(1);
  });

  it('[SYNC-3] the idle check finds an entry of which nothing was heard', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    world.write();
    await world.settle();
    expect(to.heard).toEqual([]);
    world.stream.checkHead(1);
    await world.settle();
    expect(to.heard).toEqual([1]);
  });

  it('[SYNC-4] replays what is missing before attach resolves', async () => {
    const world = new StreamWorld();
    world.writeMany(300);
    const to = listener();
    expect(await world.attach(to, 2)).toEqual({ kind: 'live', position: 300 });
    expect(to.heard).toEqual(upTo(2, 300));
  });

  it('[SYNC-5] entries that come during the replay follow it, also when there are more than may wait', async () => {
    for (const [live, reads] of [
      [3, 1],
      [257, 3],
    ] as const) {
      const world = new StreamWorld();
      world.writeMany(10);
      const to = listener();
      const gate = Promise.withResolvers<void>();
      // The first read has taken its entries and is on its way back.
      let waits = 0;
      world.wait = async () => {
        waits += 1;
        if (waits === 3) await gate.promise;
      };
      const attached = world.attach(to, 0);
      await world.settle();
      for (const entry of world.writeMany(live)) world.stream.accept(entry, null);
      expect(to.heard).toEqual([]);
      gate.resolve();
      expect(await attached).toEqual({ kind: 'live', position: 10 + live });
      expect(to.heard).toEqual(upTo(0, 10 + live));
      expect(world.reads).toBe(reads);
    }
  });

  it('[SYNC-6] who is farther behind than may be replayed gets nothing and is not attached', async () => {
    const world = new StreamWorld();
    world.writeMany(501);
    const to = listener();
    expect(await world.attach(to, 0)).toEqual({ kind: 'gap', headSeq: 501 });
    expect(world.stream.subscriberCount).toBe(0);
    expect(await world.attach(to, 1)).toEqual({ kind: 'live', position: 501 });
    expect(to.heard).toEqual(upTo(1, 501));
  });

  it('[SYNC-7] a position ahead of the log is told', async () => {
    const world = new StreamWorld();
    world.writeMany(2);
    expect(await world.attach(listener(), 3)).toEqual({ kind: 'position_ahead', headSeq: 2 });
  });

  it('[HIST-4] entries before the first visible one are not handed out', async () => {
    const world = new StreamWorld();
    world.writeMany(5);
    world.visibleFrom.set(alice, 4);
    const to = listener();
    expect((await world.attach(to, 0)).kind).toBe('live');
    expect(to.heard).toEqual([4, 5]);
  });

  it('[HIST-4] an edit of what was said before keeps its place and says nothing, in the replay and live', async () => {
    const world = new StreamWorld();
    world.writeMany(5);
    world.visibleFrom.set(alice, 4);
    const [replayed, told] = [world.edit(3), world.edit(4)];
    const [late, later, early] = [listener(alice), listener(alice), listener(bob)];
    for (const to of [late, later, early]) await world.attach(to, 5);
    const live = world.edit(2);
    world.stream.accept(live, null);
    for (const to of [late, later]) {
      expect(to.heard).toEqual([6, 7, 8]);
      expect(to.entries.map((entry) => 'content' in entry)).toEqual([false, true, false]);
    }
    expect(early.entries).toEqual([replayed, told, live]);
    // One object for all newcomers: it is encoded once.
    expect(late.entries[2]).toBe(later.entries[2]);
  });

  it('[HIST-5] a removed member gets nothing from the removal on; the others get the removal', async () => {
    const world = new StreamWorld();
    const [gone, stays] = [listener(alice), listener(bob)];
    await world.attach(gone);
    await world.attach(stays);
    world.stream.accept(world.write(), null);
    world.stream.accept(world.remove(alice), null);
    world.stream.accept(world.write(), null);
    await world.settle();
    expect(gone.heard).toEqual([1]);
    expect(stays.heard).toEqual([1, 2, 3]);
    expect(world.ended).toEqual([alice]);
    expect(world.stream.subscriberCount).toBe(1);
  });

  it('[HIST-5] a removal that is only found in the log ends the subscription as well', async () => {
    const world = new StreamWorld();
    const gone = listener(alice);
    await world.attach(gone);
    world.write();
    world.remove(alice);
    world.stream.accept(world.write(), null);
    await world.settle();
    expect(gone.heard).toEqual([1]);
    expect(world.ended).toEqual([alice]);
  });

  it('[HIST-5] a removal during the replay ends it', async () => {
    const world = new StreamWorld();
    world.writeMany(3);
    const gone = listener(alice);
    let reads = 0;
    world.wait = async () => {
      reads += 1;
      if (reads === 2) world.stream.accept(world.remove(alice), null);
    };
    expect(await world.attach(gone, 0)).toEqual({ kind: 'not_a_member' });
    expect(gone.heard).toEqual([]);
    expect(world.stream.subscriberCount).toBe(0);
  });

  it('[HIST-5] who is no member is not attached', async () => {
    const world = new StreamWorld();
    world.writeMany(3);
    world.visibleFrom.delete(alice);
    const stranger = listener(alice);
    expect(await world.attach(stranger, 0)).toEqual({ kind: 'not_a_member' });
    expect(stranger.heard).toEqual([]);
  });

  it('an old removal that was followed by a new joining does not end the subscription', async () => {
    const world = new StreamWorld();
    world.write();
    world.remove(alice);
    world.add(alice);
    const back = listener(alice);
    expect((await world.attach(back, 0)).kind).toBe('live');
    world.stream.accept(world.write(), null);
    expect(back.heard).toEqual([1, 2, 3, 4]);
    expect(world.ended).toEqual([]);
  });

  it('[S8] a log that cannot be read is tried again until it can', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    world.failures = 3;
    world.write();
    world.stream.accept(world.write(), null);
    await world.clock.advance(99);
    expect(to.heard).toEqual([]);
    await world.clock.advance(10_000);
    expect(to.heard).toEqual([1, 2]);
    expect(world.reads).toBe(4);
  });

  it('an attach whose read fails rejects and leaves nothing attached', async () => {
    const world = new StreamWorld();
    world.writeMany(3);
    world.failures = 1;
    await expect(world.attach(listener(), 0)).rejects.toThrow(StoreError);
    expect(world.stream.subscriberCount).toBe(0);
  });

  it('tells who got an entry as its acknowledgement, also when the entry had to wait', async () => {
    const world = new StreamWorld();
    const to = listener();
    await world.attach(to);
    const [, late] = world.writeMany(2) as [LogEntry, LogEntry];
    world.stream.accept(late, 'connection-1');
    await world.settle();
    world.stream.accept(world.write(), 'connection-2');
    expect(to.heard).toEqual([1, 2, 3]);
    expect(to.origins).toEqual([null, 'connection-1', 'connection-2']);
  });
});
