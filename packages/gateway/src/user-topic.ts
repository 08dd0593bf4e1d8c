import {
  type Actor,
  type BrokerEvent,
  type Core,
  completeUserEntry,
  type MailboxRecord,
  readUserEvents,
  type UserLogEntry,
} from '@parley/core';
import type { DeviceId, UserEvent } from '@parley/protocol';
import type { Counters } from './counters.ts';
import { EncodedFrame } from './encoded-frame.ts';
import type { Peer } from './peer.ts';
import type { NodeTopic } from './topic-table.ts';

/** Entries that wait to be sent; beyond, the log is read instead. */
const NEWS_MAX = 64;
const RETRY_MS = 1_000;

/** The session of one of the user's connections. */
export interface UserListener {
  readonly actor: Actor;
  readonly connection: Pick<Peer, 'id' | 'close'>;
  /** Events of the user log up to here were sent; null: not synchronised, nothing is live. */
  userSeq: number | null;
  /** Undefined: not synchronised. */
  readonly mailbox: { take(record: MailboxRecord): void; checkHead(headSeq: number): void } | undefined;
  takeUserEvent(event: UserEvent, frame: EncodedFrame): Promise<void>;
}

const awaits = ({ userSeq }: UserListener, entry: UserLogEntry): boolean => userSeq !== null && userSeq < entry.seq;

/**
 * A user's own topic on this node: the log of the user in order, mailbox items and the order to hang up, for all connections of the user here. A log entry from the
 * broker is used directly where it is the next one for everybody; anything else is a hint to read the log.
 */
export class UserTopic implements NodeTopic {
  readonly #core: Core;
  readonly #counters: Counters;
  readonly #sessions = new Set<UserListener>();
  #news: UserLogEntry[] = [];
  #behind = false;
  #heardUpTo = 0;
  #advancing: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(core: Core, counters: Counters) {
    this.#core = core;
    this.#counters = counters;
  }

  /** The newest entry of the user's log that the broker has told of here, whether it was for anybody or not. */
  get heardUpTo(): number {
    return this.#heardUpTo;
  }

  add(session: UserListener): void {
    this.#sessions.add(session);
  }

  remove(session: UserListener): void {
    this.#sessions.delete(session);
  }

  close(): void {
    this.#sessions.clear();
    this.#cancelRetry?.();
  }

  onEvent(event: BrokerEvent): void {
    switch (event.type) {
      case 'user_entry':
        this.#heardUpTo = Math.max(this.#heardUpTo, event.entry.seq);
        this.#takeNews(event.entry);
        return;
      case 'mailbox':
        for (const session of this.#sessions)
          if (session.actor.deviceId === event.record.deviceId) session.mailbox?.take(event.record);
        return;
      case 'disconnect':
        for (const session of [...this.#sessions])
          if (event.deviceId === null || event.deviceId === session.actor.deviceId)
            session.connection.close(event.reason);
        return;
      default:
      // Other events travel on other topics.
    }
  }

  /** Reads the log until every synchronised session has all of it. Rejects when the log cannot be read. */
  catchUp(): Promise<void> {
    this.#behind = true;
    return this.#advance();
  }

  /**
   * The user log is this long: reads it if anybody here has less (the broker may have lost the last event). If somebody has more, either the length is older than
   * the last event, or the log was erased with the account and the order to hang up was lost.
   */
  checkHead(headSeq: number): void {
    for (const { userSeq, actor } of this.#sessions) {
      if (userSeq === null || userSeq === headSeq) continue;
      this.#inBackground(userSeq < headSeq ? this.catchUp() : this.#hangUpIfDeleted(actor));
      return;
    }
  }

  /** CONN-7. */
  async #hangUpIfDeleted({ userId }: Actor): Promise<void> {
    const account = (await this.#core.accountStore.findMany([userId])).get(userId);
    if (account === undefined || account.deletedAt === null) return;
    for (const { connection } of [...this.#sessions]) connection.close('ACCOUNT_DELETED');
  }

  /** Devices whose mailboxes are live here. */
  deviceIds(): readonly DeviceId[] {
    return [...this.#sessions].filter(({ mailbox }) => mailbox !== undefined).map(({ actor }) => actor.deviceId);
  }

  /** The mailboxes of these devices are this long; of others nothing is known. */
  checkMailboxes(heads: ReadonlyMap<DeviceId, number>): void {
    for (const { actor, mailbox } of this.#sessions) mailbox?.checkHead(heads.get(actor.deviceId) ?? 0);
  }

  #takeNews(entry: UserLogEntry): void {
    let awaited = false;
    for (const session of this.#sessions) awaited ||= awaits(session, entry);
    if (!awaited) return;
    if (this.#news.length < NEWS_MAX) this.#news.push(entry);
    else this.#behind = true;
    this.#inBackground(this.#advance());
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#core.log.warn('gateway.user_log_unreadable', { error });
      this.#cancelRetry ??= this.#core.clock.after(RETRY_MS, () => {
        this.#cancelRetry = undefined;
        this.#inBackground(this.catchUp());
      });
    });
  }

  /** One at a time; whoever comes while it runs waits for the same run, which sees the new work before it ends. */
  #advance(): Promise<void> {
    this.#advancing ??= Promise.resolve().then(() => this.#work());
    return this.#advancing;
  }

  async #work(): Promise<void> {
    try {
      for (;;) {
        if (this.#behind) {
          this.#behind = false;
          this.#news = [];
          await this.#read();
          continue;
        }
        const entry = this.#news.shift();
        if (entry === undefined) return;
        await this.#takeEntry(entry);
      }
    } finally {
      this.#advancing = undefined;
    }
  }

  async #takeEntry(entry: UserLogEntry): Promise<void> {
    const waiting = [...this.#sessions].filter((session) => awaits(session, entry));
    if (waiting.length === 0) return;
    if (waiting.some((session) => session.userSeq !== entry.seq - 1)) {
      this.#behind = true;
      return;
    }
    const event = await completeUserEntry(this.#core, entry);
    await this.#distribute(entry.seq - 1, entry.seq, event);
  }

  async #read(): Promise<void> {
    let reader: UserListener | undefined;
    for (const session of this.#sessions)
      if (session.userSeq !== null && session.userSeq < (reader?.userSeq ?? Number.POSITIVE_INFINITY)) reader = session;
    const from = reader?.userSeq;
    if (reader === undefined || from === undefined || from === null) return;
    const { events, upTo } = await readUserEvents(this.#core, reader.actor, from);
    // From place to place: who has become live on the way has none of the events before, and is read for next.
    let before = from;
    for (const event of events) {
      await this.#distribute(before, event.user_seq, event);
      before = event.user_seq;
    }
    await this.#distribute(before, upTo, undefined);
    if (upTo > from) this.#behind = true;
  }

  /** To those who have everything up to `from`: the next event, and with it everything up to `upTo`. */
  async #distribute(from: number, upTo: number, event: UserEvent | undefined): Promise<void> {
    const frame = event === undefined ? undefined : new EncodedFrame(event, this.#counters);
    for (const session of [...this.#sessions]) {
      if (session.userSeq === null || session.userSeq < from || session.userSeq >= upTo) continue;
      session.userSeq = upTo;
      if (event === undefined || frame === undefined) continue;
      try {
        await session.takeUserEvent(event, frame);
      } catch (error) {
        // The event was sent but what it means could not be done: the client comes back and is told everything.
        this.#core.log.warn('gateway.user_event_failed', { connectionId: session.connection.id, error });
        session.connection.close('INTERNAL');
      }
    }
  }
}
