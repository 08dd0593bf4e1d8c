import type { Broker } from '@parley/core';
import type { ConversationId, UserId } from '@parley/protocol';
import { ConversationTopic } from './conversation-topic.ts';
import type { Edge } from './edge.ts';
import { PresenceTopic } from './presence-feed.ts';
import { TopicTable } from './topic-table.ts';
import { UserTopic } from './user-topic.ts';

/** The topics that connections of this node listen to. */
export interface Hub {
  readonly conversations: TopicTable<ConversationId, ConversationTopic>;
  readonly users: TopicTable<UserId, UserTopic>;
  readonly presences: TopicTable<UserId, PresenceTopic>;
}

/** `edge` is asked for when a topic is opened: the hub is a part of it. */
export function createHub(broker: Broker, edge: () => Edge): Hub {
  return {
    conversations: new TopicTable<ConversationId, ConversationTopic>(
      broker,
      (id) => `conversation:${id}`,
      (id) => new ConversationTopic(edge(), id),
    ),
    users: new TopicTable<UserId, UserTopic>(
      broker,
      (id) => `user:${id}`,
      () => new UserTopic(edge()),
    ),
    presences: new TopicTable<UserId, PresenceTopic>(
      broker,
      (id) => `presence:${id}`,
      () => new PresenceTopic(edge()),
    ),
  };
}
