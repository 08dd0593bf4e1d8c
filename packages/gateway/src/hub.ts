import type { Core } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import { ConversationTopic } from './conversation-topic.ts';
import type { Counters } from './counters.ts';
import type { FrameEncoder } from './encoded-frame.ts';
import { PresenceTopic } from './presence-topic.ts';
import { TopicTable } from './topic-table.ts';
import { UserTopic } from './user-topic.ts';

/** The topics that connections of this node listen to. */
export interface Hub {
  readonly conversations: TopicTable<ConversationId, ConversationTopic>;
  readonly users: TopicTable<UserId, UserTopic>;
  readonly presences: TopicTable<UserId, PresenceTopic>;
}

export function createHub(core: Core, encoder: FrameEncoder, counters: Counters): Hub {
  const { broker } = core;
  return {
    conversations: new TopicTable<ConversationId, ConversationTopic>(
      broker,
      (id) => `conversation:${id}`,
      (id) => new ConversationTopic(core, encoder, counters, id),
    ),
    users: new TopicTable<UserId, UserTopic>(
      broker,
      (id) => `user:${id}`,
      () => new UserTopic(core, counters),
    ),
    presences: new TopicTable<UserId, PresenceTopic>(
      broker,
      (id) => `presence:${id}`,
      () => new PresenceTopic(counters),
    ),
  };
}
