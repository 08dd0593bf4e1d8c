import type { Stores } from '@parley/core';
import { type ConversationId, makeUserId, type UserId } from '@parley/protocol';
import { factOf, type HistoryLine, type UntimedLine } from '../checker/history.ts';

const ALL = 100_000;
/** Has hidden nothing, so only what is deleted for everyone is a tombstone. */
const nobody = makeUserId(1n);

/** Writes down what is durable: every log and who is in it. */
export async function recordTruth(
  { messageLog, membershipStore }: Pick<Stores, 'messageLog' | 'membershipStore'>,
  users: readonly UserId[],
  history: readonly HistoryLine[],
  write: (line: UntimedLine) => void,
): Promise<void> {
  const ids = new Set<ConversationId>();
  for (const user of users) for (const id of await membershipStore.conversationsOf(user)) ids.add(id);
  for (const conversation of [...ids, ...known(history)].filter(unique).sort()) {
    const range = await messageLog.readAfter(conversation, 0, ALL);
    const viewer = nobody;
    const slice = await messageLog.history({
      conversationId: conversation,
      viewer,
      visibleFromSeq: 1,
      from: { afterSeq: 0 },
      limit: ALL,
    });
    const members = [];
    for (const user of users) {
      const member = await membershipStore.find(conversation, user);
      if (member !== undefined)
        members.push({
          user,
          visibleFrom: member.visibleFromSeq,
          delivered: member.deliveredUpTo,
          read: member.readUpTo,
          settings: JSON.stringify(Object.entries(member.settings).sort()),
        });
    }
    write({
      type: 'log',
      conversation,
      head: range.headSeq,
      entries: range.entries.map(factOf),
      tombstones: slice.tombstones.filter(({ reason }) => reason === 'deleted').map(({ seq }) => seq),
      members,
    });
  }
}

const unique = <T>(item: T, index: number, all: readonly T[]): boolean => all.indexOf(item) === index;

/** Conversations that everybody has left are still in the history. */
const known = (history: readonly HistoryLine[]): ConversationId[] => [
  ...new Set(
    history.flatMap((line) => ('conversation' in line && line.conversation !== undefined ? [line.conversation] : [])),
  ),
];
