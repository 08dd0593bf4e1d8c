import type {
  ChangeOutcome,
  ConversationRecord,
  ConversationStore,
  ConversationView,
  CreateConversation,
} from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import type { ReaderPool } from './reader/reader-pool.ts';
import type { ThreadLine } from './threads/thread-line.ts';
import type { Verbs } from './writer/verbs.ts';

export class SqliteConversationStore implements ConversationStore {
  readonly #writer: ThreadLine<Verbs>;
  readonly #readers: ReaderPool;

  constructor(writer: ThreadLine<Verbs>, readers: ReaderPool) {
    this.#writer = writer;
    this.#readers = readers;
  }

  create(request: CreateConversation): ReturnType<ConversationStore['create']> {
    return this.#writer.call('createConversation', request);
  }

  find(conversationId: ConversationId): Promise<ConversationRecord | undefined> {
    return this.#readers.query('findConversation', conversationId);
  }

  view(conversationId: ConversationId, viewer: UserId): Promise<ConversationView | undefined> {
    return this.#readers.query('viewConversation', { conversationId, viewer });
  }

  list(viewer: UserId, options: Parameters<ConversationStore['list']>[1]): Promise<readonly ConversationView[]> {
    return this.#readers.query('listConversations', { viewer, options });
  }

  update(request: Parameters<ConversationStore['update']>[0]): Promise<ChangeOutcome> {
    return this.#writer.call('updateConversation', request);
  }

  publicChannels(
    query: string,
    after: Parameters<ConversationStore['publicChannels']>[1],
    limit: number,
  ): Promise<readonly ConversationRecord[]> {
    return this.#readers.query('searchChannels', { query, after, limit });
  }
}
