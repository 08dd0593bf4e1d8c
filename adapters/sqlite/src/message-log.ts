import type {
  Append,
  AppendOutcome,
  Head,
  HeadsOptions,
  HistoryQuery,
  HistorySlice,
  LogRange,
  MessageLog,
} from '@parley/core';
import type { ConversationId, LogEntry, Message, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import { packAppends } from './rows/packed-append.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { AppendResult } from './writer/verbs/append.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteMessageLog implements MessageLog {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;
  #epoch: Promise<string> | undefined;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    if (appends.length === 0) return Promise.resolve([]);
    return this.#writer
      .call('append', packAppends(appends))
      .then((results) => appends.map((append, index) => outcomeOf(append, results[index])));
  }

  readAfter(conversationId: ConversationId, afterSeq: number, limit: number): Promise<LogRange> {
    return this.#readers.query('readEntriesAfter', { conversationId, afterSeq, limit });
  }

  history(query: HistoryQuery): Promise<HistorySlice> {
    return this.#readers.query('history', query);
  }

  message(conversationId: ConversationId, seq: number, viewer: UserId): Promise<Message | undefined> {
    return this.#readers.query('findMessage', { conversationId, seq, viewer });
  }

  heads(
    conversationIds: readonly ConversationId[],
    { mayLag = false }: HeadsOptions = {},
  ): Promise<ReadonlyMap<ConversationId, Head>> {
    return mayLag ? this.#readers.queryFiles('heads', conversationIds) : this.#readers.query('heads', conversationIds);
  }

  epoch(): Promise<string> {
    // Read once: only a restore changes it, and that takes no store that is open.
    this.#epoch ??= this.#readers.query('readEpoch', undefined).catch((error: unknown) => {
      this.#epoch = undefined;
      throw error;
    });
    return this.#epoch;
  }
}

function outcomeOf(append: Append, result: AppendResult | undefined): AppendOutcome {
  if (result === undefined) throw new Error('The writer gave fewer results than it got appends.');
  if ('kind' in result) return result;
  const [seq, count] = result;
  return { kind: 'appended', entry: entryOf(append, seq, count) };
}

function entryOf({ conversationId, author, createdAt, body }: Append, seq: number, count: number): LogEntry {
  const header = { conversation_id: conversationId, seq, count, created_at: createdAt, sender_id: author.userId };
  if (body.type !== 'new_message') return { ...header, ...body };
  // Nearly every entry is one: named fields take a tenth of the time of two objects put together (measured).
  const { conversation_id, created_at, sender_id } = header;
  const { type, message_id, client_msg_id, content } = body;
  return { conversation_id, seq, count, created_at, sender_id, type, message_id, client_msg_id, content };
}
