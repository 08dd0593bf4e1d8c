import { type LogEntry, makeGroupId, makeMessageId, makeUserId, type UserId } from '@parley/protocol';
import { collectLog, FakeClock } from '@parley/testkit';
import { TopicStream } from '../src/delivery/topic-stream.ts';
import type { LogRange } from '../src/ports/message-log.ts';
import { StoreError } from '../src/ports/store-error.ts';

const conversationId = makeGroupId(1n);
export const alice = makeUserId(1n);
export const bob = makeUserId(2n);
const KEY = '00000000-0000-4000-8000-000000000000';

export interface Listener {
  readonly userId: UserId;
  readonly heard: number[];
  readonly entries: LogEntry[];
  readonly origins: (string | null)[];
}
export const listener = (userId = alice): Listener => ({ userId, heard: [], entries: [], origins: [] });

/** A log, a stream over it, and those who listen. `wait` decides when a read may go on. */
export class StreamWorld {
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
        to.entries.push(entry);
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

  edit(targetSeq: number): LogEntry {
    const edit = { target_seq: targetSeq, client_msg_id: KEY, content: { text: 'Hello again' } };
    const entry: LogEntry = { type: 'message_edited', ...this.#header(), ...edit };
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

/** The seqs in (from, to]. */
export const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index + 1);
