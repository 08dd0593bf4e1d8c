import { type LogEntry, makeGroupId, makeMessageId, makeUserId, type UserId } from '@parley/protocol';
import { collectLog, FakeClock } from '@parley/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRange } from '../ports/message-log.ts';
import { StoreError } from '../ports/store-error.ts';
import { TopicStream } from './topic-stream.ts';

const conversationId = makeGroupId(1n);
const alice = makeUserId(1n);
const bob = makeUserId(2n);
const KEY = '00000000-0000-4000-8000-000000000000';

interface Listener {
  readonly userId: UserId;
  readonly heard: number[];
  readonly origins: (string | null)[];
}
const listener = (userId = alice): Listener => ({ userId, heard: [], origins: [] });

/** A log, a stream over it, and those who listen. `wait` decides when a read may go on. */
class World {
  readonly log: LogEntry[] = [];
  readonly clock = new FakeClock();
  readonly ended: UserId[] = [];
  readonly visibleFrom = new Map<UserId, number>([
    [alice, 1],
    [bob, 1],
  ]);
  reads = 0;
  failures = 0;
  wait: () => Promise<void> = async () => {};
  readonly stream: TopicStream<Listener>;

  constructor() {
    this.stream = new TopicStream<Listener>({
      conversationId,
      messageLog: { readAfter: (_, afterSeq, limit) => this.#read(afterSeq, limit) },
      membershipStore: {
        find: async (_, userId) => {
          await this.wait();
          return this.#membership(userId);
        },
      },
      clock: this.clock,
      log: collectLog(),
      deliver: (to, entry, originConnectionId) => {
        to.heard.push(entry.seq);
        to.origins.push(originConnectionId);
      },
      onEnded: (to) => this.ended.push(to.userId),
    });
  }

  #membership(userId: UserId) {
    const visibleFromSeq = this.visibleFrom.get(userId);
    if (visibleFromSeq === undefined) return undefined;
    const settings = { archived: false, pinned: false, muted_until: null, notifications: 'all' } as const;
    const cursors = { deliveredUpTo: 0, readUpTo: 0, readCount: 0 };
    return { userId, conversationId, role: 'member', joinedAt: 0, visibleFromSeq, ...cursors, settings } as const;
  }

  async #read(afterSeq: number, limit: number): Promise<LogRange> {
    this.reads += 1;
    await this.wait();
    if (this.failures > 0) {
      this.failures -= 1;
      throw new StoreError('The disk of this test is away.', { applied: 'no', retryable: true });
    }
    const entries = this.log.slice(afterSeq, afterSeq + limit);
    const headSeq = this.head;
    const coveredUpTo = Math.max(afterSeq, Math.min(headSeq, afterSeq + limit));
    await this.wait();
    return { entries, coveredUpTo, headSeq };
  }

  get head(): number {
    return this.log.length;
  }

  #header() {
    const seq = this.head + 1;
    return { conversation_id: conversationId, seq, count: seq, created_at: seq, sender_id: bob };
  }

  write(): LogEntry {
    const message = { message_id: makeMessageId(1n), client_msg_id: KEY, content: { text: 'Hello' } };
    const entry: LogEntry = { type: 'new_message', ...this.#header(), ...message };
    this.log.push(entry);
    return entry;
  }

  remove(userId: UserId): LogEntry {
    this.visibleFrom.delete(userId);
    const entry: LogEntry = { type: 'member_removed', ...this.#header(), user_id: userId, reason: 'removed' };
    this.log.push(entry);
    return entry;
  }

  add(userId: UserId): LogEntry {
    const entry: LogEntry = { type: 'member_added', ...this.#header(), user_ids: [userId] };
    this.log.push(entry);
    this.visibleFrom.set(userId, 1);
    return entry;
  }

  writeMany(count: number): LogEntry[] {
    return Array.from({ length: count }, () => this.write());
  }

  attach(to: Listener, afterSeq = this.head, replayMax = 500) {
    return this.stream.attach(to, { afterSeq, headSeq: this.head, replayMax });
  }

  /** Lets everything come to rest. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index + 1);

describe('a topic stream', () => {
  it('[SYNC-3] delivers in seq order, each once, whatever order they come in', async () => {
    const world = new World();
    const to = listener();
    await world.attach(to);
    const [one, two, three] = world.writeMany(3) as [LogEntry, LogEntry, LogEntry];
    for (const entry of [two, one, one, three, two]) world.stream.accept(entry, null);
    await world.settle();
    expect(to.heard).toEqual([1, 2, 3]);
  });

  it('[SYNC-3] a lost entry is read from the log, by one reader at a time', async () => {
    const world = new World();
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
    const world = new World();
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
    const world = new World();
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
    const world = new World();
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
    const world = new World();
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
      const world = new World();
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
    const world = new World();
    world.writeMany(501);
    const to = listener();
    expect(await world.attach(to, 0)).toEqual({ kind: 'gap', headSeq: 501 });
    expect(world.stream.subscriberCount).toBe(0);
    expect(await world.attach(to, 1)).toEqual({ kind: 'live', position: 501 });
    expect(to.heard).toEqual(upTo(1, 501));
  });

  it('[SYNC-7] a position ahead of the log is told', async () => {
    const world = new World();
    world.writeMany(2);
    expect(await world.attach(listener(), 3)).toEqual({ kind: 'position_ahead', headSeq: 2 });
  });

  it('[HIST-4] entries before the first visible one are not handed out', async () => {
    const world = new World();
    world.writeMany(5);
    world.visibleFrom.set(alice, 4);
    const to = listener();
    expect((await world.attach(to, 0)).kind).toBe('live');
    expect(to.heard).toEqual([4, 5]);
  });

  it('[HIST-5] a removed member gets nothing from the removal on; the others get the removal', async () => {
    const world = new World();
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
    const world = new World();
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
    const world = new World();
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
    const world = new World();
    world.writeMany(3);
    world.visibleFrom.delete(alice);
    const stranger = listener(alice);
    expect(await world.attach(stranger, 0)).toEqual({ kind: 'not_a_member' });
    expect(stranger.heard).toEqual([]);
  });

  it('an old removal that was followed by a new joining does not end the subscription', async () => {
    const world = new World();
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
    const world = new World();
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
    const world = new World();
    world.writeMany(3);
    world.failures = 1;
    await expect(world.attach(listener(), 0)).rejects.toThrow(StoreError);
    expect(world.stream.subscriberCount).toBe(0);
  });

  it('tells who got an entry as its acknowledgement, also when the entry had to wait', async () => {
    const world = new World();
    const to = listener();
    await world.attach(to);
    const [, late] = world.writeMany(2) as [LogEntry, LogEntry];
    world.stream.accept(late, 'connection-1');
    await world.settle();
    world.stream.accept(world.write(), 'connection-2');
    expect(to.heard).toEqual([1, 2, 3]);
    expect(to.origins).toEqual([null, 'connection-1', 'connection-2']);
  });

  it('[SYNC-3] any mix of lost, repeated and reordered events, attaching and leaving ends with each subscriber having exactly its range, in order', async () => {
    const turns = fc.integer({ min: 0, max: 4 });
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('write' as const), copies: fc.integer({ min: 0, max: 2 }), turns }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('attach' as const), behind: fc.integer({ min: 0, max: 20 }), turns }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('detach' as const), turns }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), turns }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 60 }), async (scheduler, steps) => {
        const world = new World();
        world.wait = () => scheduler.schedule(Promise.resolve());
        const listeners: { to: Listener; from: number; left: boolean; attached: Promise<unknown> }[] = [];
        const attach = (to: Listener, from: number): Promise<unknown> =>
          world.attach(to, from).catch(() => attach(to, from));
        const events: Promise<void>[] = [];
        for (const step of steps) {
          switch (step.kind) {
            case 'write': {
              const entry = world.write();
              for (let copy = 0; copy < step.copies; copy += 1)
                events.push(scheduler.schedule(Promise.resolve()).then(() => world.stream.accept(entry, null)));
              break;
            }
            case 'attach': {
              const from = Math.max(0, world.head - step.behind);
              const to = listener();
              listeners.push({ to, from, left: false, attached: attach(to, from) });
              break;
            }
            case 'detach': {
              const leaving = listeners.find(({ left }) => !left);
              if (leaving === undefined) break;
              leaving.left = true;
              world.stream.detach(leaving.to);
              break;
            }
            case 'fail':
              world.failures += 1;
          }
          for (let turn = 0; turn < step.turns && scheduler.count() > 0; turn += 1) await scheduler.waitOne();
        }
        await scheduler.waitIdle();
        await Promise.all([...events, ...listeners.map(({ attached }) => attached)]);
        world.wait = async () => {};
        world.stream.checkHead(world.head);
        await world.clock.advance(60_000);
        for (const { to, from, left } of listeners) {
          if (left) expect(to.heard).toEqual(upTo(from, from + to.heard.length));
          else expect(to.heard).toEqual(upTo(from, world.head));
        }
      }),
      { numRuns: 300 },
    );
  });
});
