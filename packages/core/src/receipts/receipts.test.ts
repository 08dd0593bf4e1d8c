import { beforeEach, describe, expect, it } from 'vitest';
import { allPages, CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import { exportMe } from '../accounts/export-me.ts';
import { updatePrivacy } from '../accounts/update-privacy.ts';
import type { Actor } from '../actor.ts';
import { listConversations } from '../conversations/list-conversations.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import { completeUserEntry } from '../sync/complete-user-entry.ts';
import { getReceipts } from './get-receipts.ts';
import { moveCursors } from './move-cursors.ts';

let under = new CoreUnderTest();
let [ada, bob, eve] = [] as unknown as [Actor, Actor, Actor]; // The cast holds: beforeEach fills it.
let conversationId = under.core.ids.groupId();

beforeEach(async () => {
  under = new CoreUnderTest();
  [ada, bob, eve] = (await under.people(3)) as [Actor, Actor, Actor];
  conversationId = await under.group(ada, [bob, eve]);
  for (let sent = 0; sent < 3; sent += 1) await under.say(ada, conversationId);
});

const move = (actor: Actor, upTo: { deliveredUpTo?: number; readUpTo?: number }) =>
  moveCursors(under.core, actor, { conversationId, ...upTo });

describe('cursors', () => {
  it('[RCPT-1] go forward only, never past the head; reading is having', async () => {
    expect(await doneValue(move(bob, { readUpTo: 4 }))).toEqual({
      delivered_up_to: 4,
      read_up_to: 4,
      unread_count: 1,
      changed_at: under.clock.now(),
    });
    expect(await doneValue(move(bob, { deliveredUpTo: 3, readUpTo: 3 }))).toMatchObject({ read_up_to: 4 });
    expect(await doneValue(move(bob, { deliveredUpTo: 99 }))).toMatchObject({ delivered_up_to: 5, read_up_to: 4 });
    expect(await codeOf(move(bob, {}))).toBe('INVALID_REQUEST');
    expect(await codeOf(move(await under.person(), { readUpTo: 1 }))).toBe('NOT_FOUND');
  });

  it('[RCPT-2] others learn of a moved cursor and how far all are', async () => {
    await doneValue(move(bob, { deliveredUpTo: 5 }));
    await doneValue(move(bob, { deliveredUpTo: 5 }));
    await doneValue(move(eve, { readUpTo: 4 }));
    const where = { type: 'receipts', conversationId } as const;
    expect(under.events('receipts')).toEqual([
      {
        ...where,
        cursors: [{ userId: bob.userId, deliveredUpTo: 5, readUpTo: 2, isDelivery: true }],
        deliveredByAllUpTo: 2,
        readByAllUpTo: 2,
      },
      {
        ...where,
        cursors: [{ userId: eve.userId, deliveredUpTo: 4, readUpTo: 4, isDelivery: true }],
        deliveredByAllUpTo: 4,
        readByAllUpTo: 2,
      },
    ]);
  });

  it('[RCPT-2] not in channels', async () => {
    const channel = await under.channel(ada, [bob]);
    const readUpTo = await under.say(ada, channel);
    const moved = await doneValue(moveCursors(under.core, bob, { conversationId: channel, readUpTo }));
    expect(moved).toMatchObject({ unread_count: 0 });
    expect(under.events('receipts')).toEqual([]);
  });

  it('[RCPT-3] unread is what lies after the cursor, on all devices; [SEND-11] sending reads', async () => {
    const unread = async (actor: Actor) =>
      (await doneValue(viewConversation(under.core, actor, conversationId))).unread_count;
    expect(await Promise.all([ada, bob, eve].map(unread))).toEqual([0, 3, 3]);
    await doneValue(move(bob, { readUpTo: 4 }));
    await under.say(eve, conversationId);
    expect(await Promise.all([ada, bob, eve].map(unread))).toEqual([1, 2, 0]);
    const head = await under.core.userLog.head(bob.userId);
    const { entries } = await under.core.userLog.readAfter(bob.userId, head - 1, 1);
    expect(entries).toMatchObject([{ type: 'cursor_moved', conversationId, readUpTo: 4, readCount: 2 }]);
  });

  it('[RCPT-4] [PRES-3] two changes of privacy at once are both in force', async () => {
    await Promise.all([
      doneValue(updatePrivacy(under.core, bob, { body: { read_receipts: false } })),
      doneValue(updatePrivacy(under.core, bob, { body: { last_seen: 'nobody' } })),
    ]);
    const account = (await under.core.accountStore.findMany([bob.userId])).get(bob.userId);
    expect(account?.privacy).toEqual({ last_seen: 'nobody', read_receipts: false });
  });

  it('[RCPT-4] who does not share reading is seen to have, not to have read', async () => {
    await doneValue(updatePrivacy(under.core, bob, { body: { read_receipts: false } }));
    expect(await doneValue(move(bob, { readUpTo: 5 }))).toMatchObject({ read_up_to: 5, unread_count: 0 });
    await doneValue(move(bob, { readUpTo: 5 }));
    expect(under.events('receipts').map(({ cursors }) => cursors)).toEqual([
      [{ userId: bob.userId, deliveredUpTo: 5, readUpTo: 2, isDelivery: true }],
    ]);
    const params = { conversation_id: conversationId, seq: 3 };
    const receipts = await doneValue(getReceipts(under.core, ada, { params, query: { limit: 10 } }));
    expect(receipts).toMatchObject({ recipients: 2, delivered: 1, read: 0 });
  });
});

describe('who hides own reading', () => {
  it('[RCPT-4] does not see in any view how far others have read', async () => {
    await doneValue(move(bob, { readUpTo: 5 }));
    await doneValue(move(eve, { readUpTo: 4 }));
    const views = async () => {
      const listed = (await doneValue(listConversations(under.core, ada, { query: { limit: 1 } }))).items[0];
      const joined = { type: 'conversation_joined', userId: ada.userId, seq: 1, conversationId } as const;
      const told = await completeUserEntry(under.core, joined);
      const exported: object[] = [];
      for await (const line of exportMe(under.core, ada)) exported.push(line);
      return [
        (await doneValue(viewConversation(under.core, ada, conversationId))).receipts,
        listed?.receipts,
        told?.type === 'conversation_joined' ? told.conversation.receipts : undefined,
        exported.flatMap((line) => ('receipts' in line ? [line.receipts] : []))[0],
      ];
    };
    const all = (readUpTo: number) => Array.from({ length: 4 }, () => ({ delivered_up_to: 4, read_up_to: readUpTo }));
    expect(await views()).toEqual(all(4));
    await doneValue(updatePrivacy(under.core, ada, { body: { read_receipts: false } }));
    expect(await views()).toEqual(all(0));
  });
});

describe('receipts of a message', () => {
  const ask = (actor: Actor, seq = 3, query: object = {}) =>
    getReceipts(under.core, actor, {
      params: { conversation_id: conversationId, seq },
      query: { limit: 10, ...query },
    });

  it('[RCPT-5] its sender learns who has it and who has read it', async () => {
    await doneValue(move(bob, { readUpTo: 3 }));
    expect(await doneValue(ask(ada))).toEqual({
      recipients: 2,
      delivered: 1,
      read: 1,
      items: [
        { user_id: bob.userId, delivered: true, read: true },
        { user_id: eve.userId, delivered: false, read: false },
      ],
      next_cursor: null,
    });
    const { sizes } = await allPages((cursor) => ask(ada, 3, { limit: 1, ...cursor }));
    expect(sizes).toEqual([1, 1]);
    expect(await codeOf(ask(bob))).toBe('NOT_FOUND');
    expect(await codeOf(ask(ada, 1))).toBe('NOT_FOUND');
  });

  it('[RCPT-5] in a channel only how many', async () => {
    const channel = await under.channel(ada, [bob, eve]);
    const seq = await under.say(ada, channel);
    const params = { conversation_id: channel, seq };
    const receipts = await doneValue(getReceipts(under.core, ada, { params, query: { limit: 10 } }));
    expect(receipts).toEqual({ recipients: 2, delivered: 0, read: 0, items: [], next_cursor: null });
  });

  it('[RCPT-4] who hides own reading does not see that of others', async () => {
    await doneValue(move(bob, { readUpTo: 3 }));
    await doneValue(updatePrivacy(under.core, ada, { body: { read_receipts: false } }));
    const receipts = await doneValue(ask(ada));
    expect(receipts).toMatchObject({ delivered: 1, read: 0 });
    expect(receipts.items.some(({ read }) => read)).toBe(false);
  });
});
