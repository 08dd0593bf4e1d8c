import { makeUserId, type UserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import {
  ALICE,
  amended,
  arrived,
  BOB,
  conversation,
  GROUP,
  message,
  page,
  said,
  snapshot,
  stateAfter,
} from '../../test/samples.ts';
import { reduce } from './reduce.ts';
import { conversationList, timeline, unreadOf } from './selectors.ts';
import { type ClientState, emptyState } from './state.ts';
import type { StoreEvent } from './store-event.ts';

const held = (state: ClientState) => {
  const conversationHeld = state.conversations[GROUP];
  if (conversationHeld === undefined) throw new Error('The group must be held.');
  return conversationHeld;
};
const loaded = (...given: Parameters<typeof page>): StoreEvent => ({
  type: 'page_loaded',
  conversationId: GROUP,
  page: page(...given),
  since: [],
});

describe('the reducer', () => {
  it('[RCPT-1] an older state of a conversation takes no cursor back', () => {
    const read = { role: 'owner', visible_from_seq: 1, delivered_up_to: 2, read_up_to: 2, read_count: 1 } as const;
    const my = { ...conversation().my, ...read };
    const older = conversation({ message_count: 1, unread_count: 1 });
    const state = [
      { type: 'snapshot_taken', snapshot: snapshot({ message_count: 1, my }) } as const,
      { type: 'conversation_refreshed', conversation: older } as const,
    ].reduce(reduce, emptyState);
    expect(state.conversations[GROUP]?.resource).toMatchObject({ my: read, unread_count: 0 });
  });

  it('[RCPT-2] receipts that run ahead of the log do not count who joined meanwhile as having read', () => {
    const cursors = [{ user_id: BOB, delivered_up_to: 9, read_up_to: 9 }];
    const all = { delivered_up_to: 9, read_up_to: 5 };
    const state = stateAfter({ type: 'receipts_arrived', conversationId: GROUP, cursors, all });
    expect(held(state).resource).toMatchObject({ head_seq: 2, member_count: 2, receipts: all });
  });

  it('[RCPT-2] whose joining is not known yet is not taken for another member', () => {
    const [carl, eve] = [makeUserId(77n), makeUserId(78n)];
    const { seq, conversation_id, created_at, sender_id } = said(3);
    const header = { seq, count: 1, conversation_id, created_at, sender_id };
    const added = arrived({ ...header, type: 'member_added', user_ids: [carl] });
    const at = (user_id: UserId, seq: number) => ({ user_id, delivered_up_to: seq, read_up_to: seq });
    const all = { delivered_up_to: 3, read_up_to: 1 };
    const cursors = [at(BOB, 3), at(eve, 9)];
    const receipts: StoreEvent = { type: 'receipts_arrived', conversationId: GROUP, cursors, all };
    expect(held(stateAfter(added, receipts)).resource).toMatchObject({ member_count: 3, receipts: all });
  });

  it('[RCPT-2] who is gone is not taken for another member when an older receipt comes', () => {
    const carl = makeUserId(77n);
    const header = (seq: number) => {
      const { count, conversation_id, created_at, sender_id } = said(seq);
      return { seq, count, conversation_id, created_at, sender_id };
    };
    const added = arrived({ ...header(3), type: 'member_added', user_ids: [carl] });
    const removed = arrived({ ...header(4), type: 'member_removed', user_id: carl, reason: 'removed' });
    const all = { delivered_up_to: 2, read_up_to: 1 };
    const cursors = [{ user_id: carl, delivered_up_to: 3, read_up_to: 3 }];
    const receipts: StoreEvent = { type: 'receipts_arrived', conversationId: GROUP, cursors, all };
    expect(held(stateAfter(added, removed, receipts)).resource).toMatchObject({ member_count: 2, receipts: all });
    // Also where the removal itself was not told, but a state of after it.
    const later = conversation({ head_seq: 4, receipts: all });
    const refreshed: StoreEvent = { type: 'conversation_refreshed', conversation: later };
    expect(held(stateAfter(added, refreshed, receipts)).resource).toMatchObject({ member_count: 2, receipts: all });
  });

  it('[SYNC-8] applying an entry twice changes nothing', () => {
    const once = stateAfter(arrived(said(3)));
    expect(reduce(once, arrived(said(3)))).toBe(once);
  });

  it('[RCPT-3] unread is arithmetic on counts, and sending reads', () => {
    const state = stateAfter(arrived(said(3)), arrived(said(4)));
    expect(unreadOf(held(state))).toBe(2);
    expect(held(reduce(state, arrived(said(5, ALICE)))).resource).toMatchObject({
      unread_count: 0,
      my: { read_up_to: 5, read_count: 3 },
    });
  });

  it('[REACT-2] an amendment that a page has folded in already is not counted again when it arrives', () => {
    const reactions = [{ emoji: '👍', count: 1, me: false }];
    const ahead = message(said(3), { reactions, state_seq: 4 });
    const before = stateAfter(arrived(said(3)), loaded(1, 4, [ahead]));
    expect(timeline(before, GROUP)?.items).toEqual([{ kind: 'message', seq: 3, message: ahead }]);
    const reaction = { type: 'reaction', target_seq: 3, emoji: '👍', action: 'added' } as const;
    const after = reduce(before, arrived(amended(4, reaction)));
    expect(timeline(after, GROUP)?.items).toEqual([{ kind: 'message', seq: 3, message: ahead }]);
    expect(held(after).resource.last_message).toMatchObject({ reactions });
  });

  it('[HIST-1] a page that was read before an edit arrived does not undo it', () => {
    const edit = amended(4, { type: 'message_edited', target_seq: 3, content: { text: 'better' } });
    const before = stateAfter(arrived(said(3)), arrived(edit));
    const late = { ...page(1, 3, [message(said(3))]), head_seq: 3 };
    const after = reduce(before, { type: 'page_loaded', conversationId: GROUP, page: late, since: [edit] });
    expect(timeline(after, GROUP)?.items).toMatchObject([{ message: { content: { text: 'better' }, state_seq: 4 } }]);
  });

  it('[EDIT-2] a tombstone wins for ever, also over a page that still has the message', () => {
    const state = stateAfter(
      arrived(said(3)),
      arrived(amended(4, { type: 'message_deleted', target_seq: 3 })),
      arrived(amended(5, { type: 'message_edited', target_seq: 3, content: { text: 'revived' } })),
      loaded(1, 3, [message(said(3))]),
    );
    expect(timeline(state, GROUP)?.items).toEqual([{ kind: 'tombstone', seq: 3, reason: 'deleted' }]);
    expect(held(state).resource.last_message).toMatchObject({ seq: 3, content: null });
  });

  it('[ACCT-1] who deleted the account is nobody, and what they wrote is gone, also from a page that was read before', () => {
    const header = { conversation_id: GROUP, count: 2, created_at: 9_000, sender_id: BOB };
    const removed = { type: 'member_removed', ...header, seq: 5, user_id: BOB, reason: 'account_deleted' } as const;
    const erased = { type: 'author_erased', ...header, seq: 6 } as const;
    const bob = { user_id: BOB, username: 'bob', name: 'Bob', status: null, avatar_url: null, deleted: false };
    const late = { ...page(1, 4, [message(said(3, ALICE)), message(said(4))]), head_seq: 4 };
    const state = stateAfter(
      { type: 'users_found', users: [bob] },
      arrived(said(3, ALICE)),
      arrived(said(4)),
      arrived(removed),
      arrived(erased),
      { type: 'page_loaded', conversationId: GROUP, page: late, since: [removed, erased] },
    );
    expect(timeline(state, GROUP)?.items).toMatchObject([
      { kind: 'message', seq: 3 },
      { kind: 'tombstone', seq: 4, reason: 'deleted' },
      { kind: 'notice', seq: 5 },
    ]);
    expect(held(state).resource.last_message).toMatchObject({ seq: 4, content: null });
    expect(held(state).resource.head_seq).toBe(6);
    expect(state.users[BOB]).toMatchObject({ name: 'Deleted user', username: null, deleted: true });
  });

  it('[DEL-2] a hide that overtakes its message hides it when it comes', () => {
    const hide = { type: 'message_hidden', user_seq: 2, conversation_id: GROUP, seq: 4 } as const;
    const state = stateAfter(arrived(said(3)), { type: 'user_event_arrived', event: hide }, arrived(said(4)));
    expect(timeline(state, GROUP)?.items).toMatchObject([
      { kind: 'message', seq: 3 },
      { kind: 'tombstone', seq: 4 },
    ]);
    expect(held(state).resource.last_message).toMatchObject({ seq: 3 });
  });

  it('[RCPT-1] a state that was read before the own cursors moved does not move them back', () => {
    const moved = {
      type: 'cursor_moved',
      user_seq: 2,
      conversation_id: GROUP,
      delivered_up_to: 4,
      read_up_to: 4,
      read_count: 2,
    } as const;
    const stale: StoreEvent = { type: 'conversation_refreshed', conversation: conversation({ head_seq: 5 }) };
    const state = stateAfter(arrived(said(3), said(4)), { type: 'user_event_arrived', event: moved }, stale);
    expect(held(state).resource).toMatchObject({
      head_seq: 5,
      my: { delivered_up_to: 4, read_up_to: 4, read_count: 2 },
    });
  });

  it('[RCPT-1] what was marked as read before the first snapshot is not forgotten with it', () => {
    const mark = { upTo: 2, count: 1 };
    const state = [
      { type: 'conversations_found', conversations: [conversation()] } as const,
      { type: 'read_marked', conversationId: GROUP, mark } as const,
      { type: 'snapshot_taken', snapshot: snapshot() } as const,
    ].reduce(reduce, emptyState);
    expect(held(state).readMark).toEqual(mark);
  });

  it('[RCPT-1] a last message found beyond the position is not held before its entry: it would be told as delivered', () => {
    const found: StoreEvent = {
      type: 'last_message_found',
      conversationId: GROUP,
      message: message(said(4)),
      lastActivityAt: 4_000,
    };
    expect(held(stateAfter(found)).resource).toMatchObject({ head_seq: 2, last_message: null });
    const lastIs4 = { head_seq: 4, last_message: { seq: 4 } };
    expect(held(stateAfter(found, arrived(said(4)))).resource).toMatchObject(lastIs4);
    const at4 = { type: 'conversation_refreshed', conversation: conversation({ head_seq: 4 }) } as const;
    expect(held(stateAfter(at4, found)).resource).toMatchObject(lastIs4);
    // A channel that is not open gets no entries, and nobody is told how far its readers are.
    const channel = { type: 'conversation_refreshed', conversation: conversation({ kind: 'channel' }) } as const;
    expect(held(stateAfter(channel, found)).resource).toMatchObject({ head_seq: 2, last_message: { seq: 4 } });
  });

  it('[HIST-1] windows with a hole between them become one when the hole is loaded', () => {
    const first = [message(said(3)), message(said(4))];
    const last = [message(said(9)), message(said(10))];
    const far = snapshot({ head_seq: 10, message_count: 8 });
    const state = stateAfter({ type: 'snapshot_taken', snapshot: far }, loaded(1, 4, first), loaded(9, 10, last));
    expect(timeline(state, GROUP)).toMatchObject({ holes: [{ from: 5, to: 8 }], isAtStart: true, isAtEnd: true });
    const whole = reduce(
      state,
      loaded(
        4,
        9,
        [4, 5, 6, 7, 8, 9].map((seq) => message(said(seq))),
      ),
    );
    expect(timeline(whole, GROUP)).toMatchObject({ holes: [], isAtStart: true, isAtEnd: true });
    expect(timeline(whole, GROUP)?.items.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('[HIST-1] of a page that is ahead of the log only what is known to the log is taken', () => {
    const state = stateAfter(arrived(said(3)), loaded(1, 5, [message(said(3)), message(said(4)), message(said(5))]));
    expect(timeline(state, GROUP)?.items.map(({ seq }) => seq)).toEqual([3]);
    expect(timeline(state, GROUP)).toMatchObject({ isAtEnd: true });
    const next = reduce(state, arrived(said(4)));
    expect(timeline(next, GROUP)?.items.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it('[SYNC-6] a newer state without the entries between lets the timeline go: it has missed amendments', () => {
    const gap: StoreEvent = { type: 'conversation_refreshed', conversation: conversation({ head_seq: 900 }) };
    const state = stateAfter(arrived(said(3)), gap);
    expect(timeline(state, GROUP)).toMatchObject({ items: [], isAtEnd: false });
    expect(reduce(state, { ...gap, conversation: conversation({ head_seq: 5 }) })).toBe(state);
  });

  it('[SYNC-7] a snapshot of another epoch keeps nothing of the logs of before', () => {
    const restored = { ...snapshot({ head_seq: 3 }), epoch: 'second' };
    const state = stateAfter(arrived(said(3)), { type: 'snapshot_taken', snapshot: restored });
    expect(timeline(state, GROUP)?.items).toEqual([]);
  });

  it('[CONV-4] the list shows pinned conversations first and archived ones apart', () => {
    const settings = { ...conversation().my.settings, archived: true };
    const event = { type: 'settings_changed', user_seq: 2, conversation_id: GROUP, settings } as const;
    const state = stateAfter({ type: 'user_event_arrived', event });
    expect(conversationList(state.conversations)).toEqual([]);
  });

  it('[HIST-5] a conversation that was left is gone, with its timeline', () => {
    const event = { type: 'conversation_left', user_seq: 2, conversation_id: GROUP, reason: 'removed' } as const;
    expect(stateAfter(arrived(said(3)), { type: 'user_event_arrived', event }).conversations).toEqual({});
  });

  it('[TYPE-1] a message ends the typing of its sender', () => {
    const typing: StoreEvent = { type: 'typing_changed', conversationId: GROUP, userId: BOB, untilMs: 9_000 };
    expect(
      stateAfter({ type: 'status_changed', status: { kind: 'live', transport: 'websocket' } }, typing).typing,
    ).toEqual({
      [GROUP]: { [BOB]: 9_000 },
    });
    expect(stateAfter(typing, arrived(said(3))).typing[GROUP]).toEqual({});
  });

  it('what did not change is the same object, and a selector answers with the same value', () => {
    const before = stateAfter(arrived(said(3)));
    const after = reduce(before, { type: 'presence_changed', items: [] });
    expect(after.conversations).toBe(before.conversations);
    expect(timeline(after, GROUP)).toBe(timeline(before, GROUP));
  });
});
