import { type ConversationId, LIMITS } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import { addMembers } from '../memberships/add-members.ts';
import { leaveConversation } from '../memberships/leave-conversation.ts';
import type { HistoryQuery, HistorySlice } from '../ports/message-log.ts';
import { editMessage } from './edit-message.ts';
import { joinSlices, trimSlice } from './history-slices.ts';
import { listEntries } from './list-entries.ts';
import { listMessages } from './list-messages.ts';

async function world(messages: number) {
  const under = new CoreUnderTest();
  const [owner, member, late] = (await under.people(3)) as [Actor, Actor, Actor];
  const conversationId = await under.group(owner, [member]);
  for (let sent = 0; sent < messages; sent += 1) await under.say(owner, conversationId, `Message ${sent}`);
  const read = (viewer: Actor, query: object, id: ConversationId = conversationId) =>
    listMessages(under.core, viewer, { params: { conversation_id: id }, query: { limit: 4, ...query } });
  return { under, core: under.core, owner, member, late, conversationId, read };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('history', () => {
  it('[HIST-1] pages name what they cover and meet without a gap, in both directions', async () => {
    const { member, read } = await world(10);
    const seen: number[] = [];
    let cursor: string | null | undefined;
    let expectedTo = 12;
    do {
      const page = await doneValue(read(member, cursor ? { cursor } : {}));
      expect(page.covered.to_seq).toBe(expectedTo);
      expect(page.newer_cursor === null).toBe(expectedTo === 12);
      seen.unshift(...page.messages.map(({ seq }) => seq));
      expectedTo = page.covered.from_seq - 1;
      cursor = page.older_cursor;
    } while (cursor !== null);
    expect(expectedTo).toBe(0);
    expect(seen).toEqual(range(3, 12));
    const first = await doneValue(read(member, { after_seq: 0 }));
    expect(first).toMatchObject({ covered: { from_seq: 1, to_seq: 6 }, older_cursor: null });
    expect(first.entries.map(({ type }) => type)).toEqual(['conversation_created', 'member_added']);
    const second = await doneValue(read(member, { cursor: first.newer_cursor }));
    expect(second.messages.map(({ seq }) => seq)).toEqual([7, 8, 9, 10]);
  });

  it('[HIST-1] around a place come the messages on both sides', async () => {
    const { member, read } = await world(10);
    const seqsAround = async (around_seq: number, limit = 4) =>
      (await doneValue(read(member, { around_seq, limit }))).messages.map(({ seq }) => seq);
    expect(await seqsAround(7)).toEqual([6, 7, 8, 9]);
    expect(await seqsAround(12)).toEqual([11, 12]);
    expect(await seqsAround(99)).toEqual([11, 12]);
    expect(await seqsAround(7, 1)).toEqual([7]);
    expect(await codeOf(read(member, { around_seq: 1, before_seq: 1 }))).toBe('INVALID_REQUEST');
  });

  it('[SEND-6] who is removed and added again while the log is read gets nothing of what was said in between', async () => {
    const { under, core, owner, member, conversationId } = await world(2);
    const params = { conversation_id: conversationId };
    let isRejoined = false;
    const messageLog = {
      ...core.messageLog,
      epoch: () => core.messageLog.epoch(),
      history: async (query: HistoryQuery) => {
        if (!isRejoined) {
          await doneValue(leaveConversation(core, member, { params }));
          await under.say(owner, conversationId, 'About the one who left');
          await doneValue(addMembers(core, owner, { params, body: { user_ids: [member.userId] } }));
          isRejoined = true;
        }
        return core.messageLog.history(query);
      },
    };
    const read = () => listMessages({ ...core, messageLog }, member, { params, query: { limit: 10 } });
    expect(await codeOf(read())).toBe('NOT_FOUND');
    expect((await doneValue(read())).messages).toEqual([]);
  });

  it('[HIST-2] a cursor stays valid while messages arrive, and is of no use in another conversation', async () => {
    const { under, owner, member, conversationId, read } = await world(6);
    const { older_cursor } = await doneValue(read(member, {}));
    await under.say(owner, conversationId);
    const older = await doneValue(read(member, { cursor: older_cursor }));
    expect(older.messages.map(({ seq }) => seq)).toEqual([3, 4]);
    const other = await under.group(member);
    expect(await codeOf(read(member, { cursor: older_cursor }, other))).toBe('BAD_CURSOR');
  });

  it('[HIST-3] more raw entries than allowed are refused', async () => {
    const { core, member, conversationId } = await world(1);
    const limit = LIMITS.historyLimitMax + 1;
    expect(await codeOf(listEntries(core, member, { conversationId, afterSeq: 0, limit }))).toBe('LIMIT_TOO_HIGH');
    expect(await codeOf(listEntries(core, member, { conversationId, afterSeq: 0, limit: 0 }))).toBe('INVALID_REQUEST');
  });

  it('[HIST-4] who joins a group later sees nothing of before, in any answer', async () => {
    const { under, core, owner, late, conversationId, read } = await world(5);
    const params = { conversation_id: conversationId };
    await doneValue(addMembers(core, owner, { params, body: { user_ids: [late.userId] } }));
    expect((await doneValue(viewConversation(core, late, conversationId))).last_message).toBeNull();
    const seq = await under.say(owner, conversationId, 'Welcome');
    const edit = { conversationId, clientMsgId: under.key(), targetSeq: 7, content: { text: 'Message 4, edited' } };
    await doneValue(editMessage(core, owner, edit));
    const answers = [
      await doneValue(read(late, {})),
      await doneValue(read(late, { before_seq: 5 })),
      await doneValue(read(late, { after_seq: 0 })),
      await doneValue(read(late, { around_seq: 3 })),
      await doneValue(listEntries(core, late, { conversationId, afterSeq: 0, limit: 100 })),
      await doneValue(viewConversation(core, late, conversationId)),
    ];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain('Message ');
    expect(answers[0]).toMatchObject({ messages: [{ seq }], older_cursor: null, covered: { from_seq: 8 } });
    const { entries, covered_up_to } = await doneValue(
      listEntries(core, late, { conversationId, afterSeq: 8, limit: 9 }),
    );
    expect(entries).toMatchObject([{ seq }, { type: 'message_edited', seq: seq + 1, target_seq: 7 }]);
    expect(covered_up_to).toBe(seq + 1);
    // A page around a place that the member may not see begins where they may (HIST-1).
    expect(answers[3]).toMatchObject({ messages: [{ seq }], covered: { from_seq: 8 } });
  });

  it('[HIST-5] who has left gets nothing by any door', async () => {
    const { core, member, conversationId, read } = await world(5);
    const params = { conversation_id: conversationId };
    await doneValue(leaveConversation(core, member, { params }));
    expect(await codeOf(read(member, {}))).toBe('NOT_FOUND');
    expect(await codeOf(listEntries(core, member, { conversationId, afterSeq: 0, limit: 10 }))).toBe('NOT_FOUND');
    expect(await codeOf(viewConversation(core, member, conversationId))).toBe('NOT_FOUND');
  });

  it('[SYNC-10] the raw log names the range it covers', async () => {
    const { core, member, conversationId } = await world(5);
    const answer = await doneValue(listEntries(core, member, { conversationId, afterSeq: 2, limit: 3 }));
    expect(answer).toMatchObject({ after_seq: 2, covered_up_to: 5, head_seq: 7, epoch: await core.messageLog.epoch() });
    expect(answer.entries.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    const end = await doneValue(listEntries(core, member, { conversationId, afterSeq: 7, limit: 3 }));
    expect(end).toMatchObject({ covered_up_to: 7, entries: [] });
  });
});

describe('slices of history', () => {
  const slice = (from: number, to: number): HistorySlice => ({
    messages: [],
    // The cast holds: only `seq` of an entry is looked at.
    entries: range(from, to).map((seq) => ({ seq })) as unknown as HistorySlice['entries'],
    tombstones: range(from, to).map((seq) => ({ seq, reason: 'deleted' as const })),
    covered: { fromSeq: from, toSeq: to },
    headSeq: 99,
  });
  const seqsOf = (things: readonly { readonly seq: number }[]) => things.map(({ seq }) => seq);

  it('[HIST-1] one that is cut covers less', () => {
    expect(trimSlice(slice(1, 3), 3, 'newest')).toEqual(slice(1, 3));
    const newest = trimSlice(slice(1, 9), 3, 'newest');
    expect([newest.covered, seqsOf(newest.entries), seqsOf(newest.tombstones)]).toEqual([
      { fromSeq: 7, toSeq: 9 },
      [7, 8, 9],
      [7, 8, 9],
    ]);
    expect(trimSlice(slice(1, 9), 3, 'oldest').covered).toEqual({ fromSeq: 1, toSeq: 3 });
  });

  it('[HIST-1] two that meet are one', () => {
    expect(joinSlices(slice(1, 3), slice(4, 6))).toEqual(slice(1, 6));
    expect(joinSlices(slice(1, 3), { ...slice(1, 0), covered: { fromSeq: 9, toSeq: 8 } }).covered).toEqual({
      fromSeq: 1,
      toSeq: 3,
    });
  });
});
