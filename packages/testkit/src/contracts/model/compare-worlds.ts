import type { Stores } from '@parley/core';
import type { ConversationId, Message, UserId } from '@parley/protocol';
import { expect } from 'vitest';
import { readWholeHistory, readWholeLog, readWholeUserLog } from '../read-everything.ts';
import type { NaiveConversation, NaiveMember } from './naive-conversation.ts';
import type { NaiveWorld } from './naive-world.ts';

const inOrder = (message: Message): Message => ({
  ...message,
  // A tombstone keeps or loses the time of its last edit: the port does not say.
  edited_at: message.content === null ? null : message.edited_at,
  reactions: [...message.reactions].sort((one, other) => (one.emoji < other.emoji ? -1 : 1)),
});

/** Expects that everything that the stores answer is what the naive model works out. */
export async function compareWorlds(stores: Stores, world: NaiveWorld): Promise<void> {
  for (const { userId } of world.people) {
    expect(await readWholeUserLog(stores.userLog, userId)).toEqual(world.facts.read(userId));
  }
  for (const [id, naive] of world.conversations) {
    const visible = naive.entries.filter((entry) => !naive.isErased(entry));
    expect(await readWholeLog(stores.messageLog, id)).toEqual(visible);
    const head = (await stores.messageLog.heads([id])).get(id);
    expect(head).toMatchObject({ seq: naive.headSeq, count: naive.countAt(naive.headSeq) });
    for (const { userId } of world.people) {
      const member = naive.members.get(userId);
      if (member === undefined) {
        expect(await stores.conversationStore.view(id, userId)).toBeUndefined();
      } else {
        await compareView(stores, id, naive, userId, member);
        await compareHistory(stores, id, naive, userId, member);
      }
    }
  }
}

async function compareView(
  stores: Stores,
  id: ConversationId,
  naive: NaiveConversation,
  userId: UserId,
  member: NaiveMember,
): Promise<void> {
  const view = await stores.conversationStore.view(id, userId);
  const members = [...naive.members.values()];
  const { role, visibleFromSeq, deliveredUpTo, readUpTo } = member;
  expect(view).toMatchObject({
    record: { memberCount: members.length },
    membership: { role, visibleFromSeq, deliveredUpTo, readUpTo, readCount: naive.countAt(readUpTo) },
    deliveredByAllUpTo: Math.min(...members.map((other) => other.deliveredUpTo)),
    readByAllUpTo: Math.min(...members.map((other) => other.sharedReadUpTo)),
  });
  const last = messagesFor(naive, userId, member).findLast(({ seq }) => !member.hidden.has(seq));
  expect(view?.lastMessage ? inOrder(view.lastMessage) : null).toEqual(last ?? null);
}

async function compareHistory(
  stores: Stores,
  conversationId: ConversationId,
  naive: NaiveConversation,
  viewer: UserId,
  member: NaiveMember,
): Promise<void> {
  const { visibleFromSeq } = member;
  const messages = messagesFor(naive, viewer, member);
  const query = { conversationId, viewer, visibleFromSeq, limit: 3 };
  const slices = await readWholeHistory(stores.messageLog, query, 'newer');
  const shown = messages.filter(({ seq, content }) => content !== null && !member.hidden.has(seq));
  expect(slices.flatMap((slice) => slice.messages.map(inOrder))).toEqual(shown);
  const tombstones = messages.flatMap(({ seq, content }) => {
    if (content === null) return [{ seq, reason: 'deleted' }];
    return member.hidden.has(seq) ? [{ seq, reason: 'hidden' }] : [];
  });
  expect(slices.flatMap((slice) => slice.tombstones)).toEqual(tombstones);
  const entries = naive.entries.filter(
    (entry) => entry.seq >= visibleFromSeq && entry.type !== 'new_message' && !('target_seq' in entry),
  );
  expect(slices.flatMap((slice) => slice.entries)).toEqual(entries);
  const older = await readWholeHistory(stores.messageLog, query, 'older');
  expect(older.toReversed().flatMap((slice) => slice.messages)).toEqual(slices.flatMap((slice) => slice.messages));
}

function messagesFor(naive: NaiveConversation, viewer: UserId, member: NaiveMember): Message[] {
  return naive.entries
    .filter(({ seq }) => seq >= member.visibleFromSeq)
    .flatMap(({ seq }) => naive.message(seq, viewer) ?? []);
}
