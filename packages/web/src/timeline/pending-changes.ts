import type { ClientState, OutboxRow } from '@parley/client';
import type { Message, ReactionCount } from '@parley/protocol';
import { useMemo } from 'react';
import { useSelected } from '../app/chat.ts';

/** Edits, deletions and reactions of this device that are not in the log yet, of one message. */
export interface PendingChanges {
  readonly message: Message;
  /** The last of them, to say why it waits or failed. */
  readonly last: OutboxRow | undefined;
  readonly isDeleted: boolean;
}

const byOutbox = new WeakMap<ClientState['outbox'], Map<string, readonly OutboxRow[]>>();
const NONE: readonly OutboxRow[] = [];

function changesOf(outbox: ClientState['outbox'], message: Message): readonly OutboxRow[] {
  let index = byOutbox.get(outbox);
  if (index === undefined) {
    const changes = outbox.filter(({ write }) => 'targetSeq' in write);
    index = Map.groupBy(changes, ({ conversationId, write }) =>
      'targetSeq' in write ? `${conversationId} ${write.targetSeq}` : '',
    );
    byOutbox.set(outbox, index);
  }
  return index.get(`${message.conversation_id} ${message.seq}`) ?? NONE;
}

/** The message as it will be once everything that waits is done: what a person does is seen at once. */
export function usePendingChanges(message: Message): PendingChanges {
  const rows = useSelected((state) => changesOf(state.outbox, message));
  return useMemo(
    () => ({
      message: rows.filter(({ state }) => state.kind !== 'failed').reduce(withChange, message),
      last: rows.at(-1),
      isDeleted: rows.some(({ write, state }) => write.kind === 'delete' && state.kind !== 'failed'),
    }),
    [rows, message],
  );
}

export function withChange(message: Message, { write }: OutboxRow): Message {
  if (write.kind === 'edit') return { ...message, content: { ...message.content, ...write.content } };
  if (write.kind !== 'react') return message;
  return { ...message, reactions: withReaction(message.reactions, write.emoji, write.action === 'added') };
}

function withReaction(reactions: readonly ReactionCount[], emoji: string, isAdded: boolean): ReactionCount[] {
  const present = reactions.find((reaction) => reaction.emoji === emoji);
  if ((present?.me ?? false) === isAdded) return [...reactions];
  if (present === undefined) return [...reactions, { emoji, count: 1, me: true }];
  const count = present.count + (isAdded ? 1 : -1);
  return reactions.flatMap((reaction) =>
    reaction !== present ? [reaction] : count > 0 ? [{ emoji, count, me: isAdded }] : [],
  );
}
