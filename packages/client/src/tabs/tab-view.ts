import { type ConversationId, conversationKindOf, type UserId } from '@parley/protocol';
import { ApiError, SignedOutError } from '../api/api-error.ts';
import type { ClientEnvironment } from '../environment.ts';
import type { Store } from '../store/store.ts';
import type { History } from '../stream/history.ts';
import type { Interest } from './interests.ts';

export interface TabViewParts {
  readonly environment: Pick<ClientEnvironment, 'report'>;
  readonly store: Store;
  readonly history: History;
  onChanged(interest: Interest): void;
}

/** What one tab has on its screen: kept up to date here, and made live where the connection is. */
export class TabView {
  readonly #parts: TabViewParts;
  readonly #open = new Set<ConversationId>();
  #watched: readonly UserId[] = [];

  constructor(parts: TabViewParts) {
    this.#parts = parts;
    parts.store.subscribe((event) => {
      // Their windows were let go because they had missed something: what is looked at is read anew.
      if (event.type === 'conversation_refreshed' || event.type === 'snapshot_taken' || event.type === 'state_loaded')
        for (const id of this.#open) this.#loadQuietly(id);
    });
  }

  watch(userIds: readonly UserId[]): void {
    this.#watched = userIds;
    this.#changed();
  }

  async open(conversationId: ConversationId): Promise<void> {
    this.#open.add(conversationId);
    this.#changed();
    await this.#parts.history.loadNewest(conversationId);
  }

  close(conversationId: ConversationId): void {
    this.#open.delete(conversationId);
    this.#changed();
  }

  get interest(): Interest {
    const channelIds = [...this.#open].filter((id) => conversationKindOf(id) === 'channel');
    return { userIds: this.#watched, channelIds };
  }

  #changed(): void {
    this.#parts.onChanged(this.interest);
  }

  #loadQuietly(conversationId: ConversationId): void {
    this.#parts.history.loadNewest(conversationId).catch((error: unknown) => {
      // Without a connection nothing can be loaded; the next sync tries again.
      if (!(error instanceof ApiError) && !(error instanceof SignedOutError)) this.#parts.environment.report(error);
    });
  }
}
