import {
  type ConversationId,
  type DeviceId,
  ERRORS,
  type NoticeOf,
  type UserId,
  type WriteAnswer,
} from '@parley/protocol';
import { SignedOutError } from '../api/api-error.ts';
import { backOffMs } from '../connection/back-off.ts';
import type { Reply } from '../connection/replies.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { ClientState } from '../store/state.ts';
import type { Store } from '../store/store.ts';
import { commandOfRow, type Write } from './command-of-row.ts';
import type { OutboxRow, OutboxRowState, OutboxWrite } from './outbox-row.ts';
import type { OutboxStorage } from './outbox-storage.ts';

export interface OutboxParts {
  readonly environment: Pick<ClientEnvironment, 'now' | 'after' | 'random' | 'uuid' | 'report'>;
  readonly storage: OutboxStorage;
  readonly store: Store;
  ask(command: Write): Promise<Reply | 'lost'>;
  /** An acknowledgement stands for the entry of the log (SYNC-3). Called before the row leaves the storage. */
  onStored(row: OutboxRow, answer: WriteAnswer): void;
}

/** Whose writes they are. */
export interface Identity {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

const DEVICE_CHANGED: OutboxRowState = {
  kind: 'failed',
  code: 'DEVICE_CHANGED',
  detail:
    'This was waiting when the device was logged out. Whether it was sent is not known: look at the conversation, then send it again or discard it.',
};

/** Conversations whose first row is under way at the same time. */
const IN_FLIGHT_MAX = 8;
/** A queue of this length means that nothing has been sent for a long time: the user is told instead of filling the device. */
export const OUTBOX_ROWS_MAX = 10_000;

export class OutboxFullError extends Error {
  override readonly name = 'OutboxFullError';

  constructor() {
    super('Too many messages are waiting to be sent. This one was not queued; try again when some are sent.');
  }
}

/**
 * The durable queue of this device's writes. A row is stored before it counts as asked for, sent with its own key until an answer comes (S10), and
 * leaves only when it is in the log or the user discards it. Rows of one conversation go one at a time: a later one must not be stored while an
 * earlier one has to be repeated, or the order would be lost.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  /** Of the rows that are in the storage. */
  readonly #keys = new Set<string>();
  readonly #inFlight = new Set<ConversationId>();
  /** Tries in a row that were answered with "later", per conversation. */
  readonly #delays = new Map<ConversationId, { tries: number; delayMs: number; untilMs: number }>();
  #identity: Identity | undefined;
  #adding: Promise<unknown> = Promise.resolve();
  #lastOrder = 0;
  #isLive = false;
  /** Counts connections: an answer of an earlier one says nothing about what is in flight now. */
  #connection = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Rows of earlier starts come back; those without an answer are sent again. Rows of other users stay in the storage. */
  async load({ userId, deviceId }: Identity): Promise<void> {
    // Only these two: a session also has tokens, which have no place in a row.
    this.#identity = { userId, deviceId };
    for (const stored of await this.#parts.storage.list()) {
      const row = await this.#cleaned(stored);
      if (isInTimeline(this.#parts.store.getSnapshot(), row)) await this.#forget(row.clientMsgId);
      else this.adopt(row);
    }
  }

  /** Earlier versions kept the whole session in a row, with its tokens. One that cannot be written anew is cleaned at the next start. */
  async #cleaned(stored: OutboxRow): Promise<OutboxRow> {
    const { clientMsgId, userId, deviceId, conversationId, createdAt, order, write, state } = stored;
    const row: OutboxRow = { clientMsgId, userId, deviceId, conversationId, createdAt, order, write, state };
    if (Object.keys(stored).some((name) => !Object.hasOwn(row, name)))
      await this.#parts.storage.put(row).catch(this.#parts.environment.report);
    return row;
  }

  /** Logged out: nothing is sent any more, what waits stays in the storage. */
  unload(): void {
    this.#identity = undefined;
  }

  /** A row that is in the storage already (put there by another tab, or before the last start). */
  adopt(row: OutboxRow): void {
    this.#keys.add(row.clientMsgId);
    this.#lastOrder = Math.max(this.#lastOrder, row.order);
    if (row.userId !== this.#identity?.userId) return;
    const isOurs = row.deviceId === this.#identity.deviceId || row.state.kind !== 'pending';
    this.#show(isOurs ? row : { ...row, state: DEVICE_CHANGED });
    this.#pump();
  }

  /** Resolves with the row when it survives a crash. Throws when it could not be stored or the queue is full: then nothing was queued. */
  add(conversationId: ConversationId, write: OutboxWrite): Promise<OutboxRow> {
    // One after the other: a row must not be sent before an earlier one of its conversation is stored.
    const adding = this.#adding.then(() => this.#add(conversationId, write));
    this.#adding = adding.catch(() => undefined);
    return adding;
  }

  async #add(conversationId: ConversationId, write: OutboxWrite): Promise<OutboxRow> {
    const { environment, storage, store } = this.#parts;
    if (this.#identity === undefined) throw new SignedOutError();
    if (store.getSnapshot().outbox.length >= OUTBOX_ROWS_MAX) throw new OutboxFullError();
    const createdAt = environment.now();
    // Wall-clock based, so that rows of several tabs sort by when they were written.
    this.#lastOrder = Math.max(this.#lastOrder + 1, createdAt);
    const state: OutboxRowState = { kind: 'pending' };
    const order = this.#lastOrder;
    const clientMsgId = environment.uuid();
    const row: OutboxRow = { clientMsgId, ...this.#identity, conversationId, createdAt, order, write, state };
    await storage.put(row);
    this.#keys.add(clientMsgId);
    this.#show(row);
    this.#pump();
    return row;
  }

  /** Sends a failed row again, with the same key, after what is queued by now. Undefined: there is no such failed row. */
  async retry(clientMsgId: string): Promise<OutboxRow | undefined> {
    const row = this.#row(clientMsgId);
    if (row?.state.kind !== 'failed' || this.#identity === undefined) return undefined;
    this.#lastOrder = Math.max(this.#lastOrder + 1, this.#parts.environment.now());
    const again: OutboxRow = { ...row, ...this.#identity, order: this.#lastOrder, state: { kind: 'pending' } };
    await this.#parts.storage.put(again);
    this.#show(again);
    this.#pump();
    return again;
  }

  /** Gives a failed row up. Others may be on the server already, so they cannot be taken back. False: there is no such failed row. */
  async discard(clientMsgId: string): Promise<boolean> {
    if (this.#row(clientMsgId)?.state.kind !== 'failed') return false;
    await this.#parts.storage.remove(clientMsgId);
    this.#keys.delete(clientMsgId);
    this.#parts.store.dispatch({ type: 'outbox_removed', clientMsgId });
    return true;
  }

  /** The log showed the entry before any answer came (its acknowledgement was lost, or another tab got it). */
  seen(clientMsgId: string): void {
    if (this.#keys.has(clientMsgId)) void this.#forget(clientMsgId);
  }

  live(): void {
    this.#isLive = true;
    this.#connection += 1;
    this.#pump();
  }

  lost(): void {
    this.#isLive = false;
    this.#inFlight.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  isWriting(conversationId: ConversationId): boolean {
    return this.#inFlight.has(conversationId);
  }

  #pump(): void {
    if (!this.#isLive) return;
    const now = this.#parts.environment.now();
    const seen = new Set<ConversationId>();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const row of this.#parts.store.getSnapshot().outbox) {
      if (this.#inFlight.size >= IN_FLIGHT_MAX) break;
      if (row.state.kind !== 'pending' || seen.has(row.conversationId)) continue;
      seen.add(row.conversationId);
      if (this.#inFlight.has(row.conversationId)) continue;
      const { delayMs, untilMs } = this.#delays.get(row.conversationId) ?? { delayMs: 0, untilMs: 0 };
      // More than was agreed is left only when the clock was set back; how long it has been is not known then, so the server is asked.
      if (untilMs > now && untilMs - now <= delayMs) wakeAt = Math.min(wakeAt, untilMs);
      else void this.#send(row).catch(this.#parts.environment.report);
    }
    this.#cancelTimer?.();
    this.#cancelTimer =
      wakeAt === Number.POSITIVE_INFINITY
        ? undefined
        : this.#parts.environment.after(wakeAt - now, () => {
            this.#cancelTimer = undefined;
            this.#pump();
          });
  }

  async #send(row: OutboxRow): Promise<void> {
    const connection = this.#connection;
    this.#inFlight.add(row.conversationId);
    const reply = await this.#parts.ask(commandOfRow(row));
    // Lost, or answered by an earlier connection: the row is still there and is sent again on the next one.
    if (reply === 'lost' || connection !== this.#connection) return;
    if (reply.type === 'msg_ack') await this.#stored(row, reply);
    else if (reply.type === 'error') await this.#refused(row, reply);
    if (connection !== this.#connection) return;
    this.#inFlight.delete(row.conversationId);
    this.#pump();
  }

  async #stored(row: OutboxRow, answer: WriteAnswer): Promise<void> {
    this.#delays.delete(row.conversationId);
    // Only in memory: after a crash the row is sent again and answered as a duplicate (SEND-2).
    if (answer.seq !== undefined) this.#show({ ...row, state: { kind: 'stored', seq: answer.seq } });
    else this.#parts.store.dispatch({ type: 'outbox_removed', clientMsgId: row.clientMsgId });
    this.#parts.onStored(row, answer);
    await this.#forget(row.clientMsgId);
  }

  async #refused(row: OutboxRow, error: NoticeOf<'error'>): Promise<void> {
    if (ERRORS[error.code].retry === 'no') {
      this.#delays.delete(row.conversationId);
      const failed: OutboxRow = { ...row, state: { kind: 'failed', code: error.code, detail: error.detail } };
      // A failure that cannot be stored is found out again after the next start.
      await this.#parts.storage.put(failed).catch(this.#parts.environment.report);
      this.#show(failed);
      return;
    }
    const { environment } = this.#parts;
    const tries = (this.#delays.get(row.conversationId)?.tries ?? 0) + 1;
    // At least a moment, so that a server in trouble is not asked in a loop.
    const delayMs = error.retry_after_ms ?? Math.max(500, backOffMs(tries, environment.random()));
    const untilMs = environment.now() + delayMs;
    this.#delays.set(row.conversationId, { tries, delayMs, untilMs });
    this.#show({ ...row, state: { kind: 'pending', delay: { code: error.code, untilMs } } });
  }

  #row(clientMsgId: string): OutboxRow | undefined {
    return this.#parts.store.getSnapshot().outbox.find((row) => row.clientMsgId === clientMsgId);
  }

  #show(row: OutboxRow): void {
    this.#parts.store.dispatch({ type: 'outbox_changed', row });
  }

  /** A row that cannot be removed is sent again at the next start and answered as a duplicate: nothing is lost by going on. */
  async #forget(clientMsgId: string): Promise<void> {
    this.#keys.delete(clientMsgId);
    await this.#parts.storage.remove(clientMsgId).catch(this.#parts.environment.report);
  }
}

/** Stored and shown already; the process ended before the row was removed. */
const isInTimeline = (state: ClientState, row: OutboxRow): boolean =>
  state.conversations[row.conversationId]?.timeline.items.some(
    (item) => item.kind === 'message' && item.message.client_msg_id === row.clientMsgId,
  ) ?? false;
