import { describe, expect, it } from 'vitest';
import { CoreUnderTest, doneValue } from '../../test/core-under-test.ts';
import { updateMe } from '../accounts/update-me.ts';
import type { Actor } from '../actor.ts';
import { updateSettings } from '../conversations/update-settings.ts';
import { leaveConversation } from '../memberships/leave-conversation.ts';
import { deleteMessage } from '../messages/delete-message.ts';
import { moveCursors } from '../receipts/move-cursors.ts';
import { checkPosition } from './check-position.ts';
import { getSnapshot } from './get-snapshot.ts';
import { publishUserEntries } from './publish-user-entries.ts';
import { readUserEvents } from './read-user-events.ts';

async function world(settings = {}) {
  const under = new CoreUnderTest(settings);
  const [ada, bob] = (await under.people(2)) as [Actor, Actor];
  return { under, core: under.core, ada, bob };
}

describe('synchronising', () => {
  it('[SYNC-8] replaying from a snapshot repeats but never misses', async () => {
    const { under, core, ada, bob } = await world();
    const direct = await under.direct(ada, bob);
    const conversationStore = new Proxy(core.conversationStore, {
      get: (store, name): unknown =>
        name === 'list'
          ? async (...args: Parameters<typeof store.list>) => {
              // Something happens between the reading of the position and of the state.
              await under.group(bob, [ada]);
              return store.list(...args);
            }
          : Reflect.get(store, name),
    });
    const snapshot = await doneValue(getSnapshot({ ...core, conversationStore }, ada, 10));
    expect(snapshot).toMatchObject({ epoch: await core.messageLog.epoch(), me: { user_id: ada.userId } });
    const ids = snapshot.conversations.map(({ conversation_id }) => conversation_id);
    expect(ids).toHaveLength(2);
    expect(ids).toContain(direct);
    const { events, upTo } = await readUserEvents(core, ada, snapshot.user_seq);
    expect(events).toMatchObject([{ type: 'conversation_joined', user_seq: snapshot.user_seq + 1 }]);
    expect(upTo).toBe(await core.userLog.head(ada.userId));
  });

  it('[SYNC-2] user events are complete and in order; superseded ones are skipped', async () => {
    const { under, core, ada, bob } = await world();
    const from = await core.userLog.head(ada.userId);
    const [direct, group] = [await under.direct(ada, bob), await under.group(bob, [ada])];
    const seq = await under.say(bob, direct);
    await doneValue(updateSettings(core, ada, { params: { conversation_id: direct }, body: { pinned: true } }));
    await doneValue(updateSettings(core, ada, { params: { conversation_id: direct }, body: { pinned: false } }));
    await doneValue(moveCursors(core, ada, { conversationId: direct, readUpTo: seq }));
    const hiding = { conversationId: direct, clientMsgId: under.key(), targetSeq: seq, scope: 'me' } as const;
    await doneValue(deleteMessage(core, ada, hiding));
    await doneValue(updateMe(core, ada, { body: { name: 'Ada' } }));
    await doneValue(leaveConversation(core, ada, { params: { conversation_id: group } }));
    const { events, upTo } = await readUserEvents(core, ada, from);
    expect(events).toMatchObject([
      { type: 'conversation_joined', conversation: { conversation_id: direct, peer: { user_id: bob.userId } } },
      { type: 'settings_changed', conversation_id: direct, settings: { pinned: false } },
      { type: 'cursor_moved', conversation_id: direct, read_up_to: seq, read_count: 1 },
      { type: 'message_hidden', conversation_id: direct, seq },
      { type: 'profile_changed', me: { name: 'Ada' } },
      { type: 'conversation_left', conversation_id: group, reason: 'left' },
    ]);
    const seqs = events.map(({ user_seq }) => user_seq);
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
    expect(upTo).toBe(await core.userLog.head(ada.userId));
    expect(await readUserEvents(core, ada, upTo)).toEqual({ events: [], upTo });
  });

  it('[SYNC-7] a position of another log, ahead of it or too far behind is told', async () => {
    const { under, core, ada } = await world({ userEventsReplayMax: 3 });
    for (let made = 0; made < 5; made += 1) await under.group(ada);
    const epoch = await core.messageLog.epoch();
    const head = await core.userLog.head(ada.userId);
    const check = (userSeq: number, of = epoch) => checkPosition(core, ada, { epoch: of, userSeq });
    expect(await check(head)).toEqual({ kind: 'ok', range: { entries: [], coveredUpTo: head, headSeq: head } });
    expect(await check(head - 3)).toMatchObject({ kind: 'ok', range: { entries: [{}, {}, {}], headSeq: head } });
    expect(await check(head - 4)).toEqual({ kind: 'resync', reason: 'too_far_behind' });
    expect(await check(head + 1)).toEqual({ kind: 'resync', reason: 'position_ahead' });
    expect(await check(head, 'another')).toEqual({ kind: 'resync', reason: 'epoch_changed' });
  });

  it('[SYNC-2] entries of a user log go to all devices of the user', async () => {
    const { under, core, ada, bob } = await world();
    publishUserEntries(core);
    const conversationId = await under.direct(ada, bob);
    const sent = under.published.filter(({ event }) => event.type === 'user_entry');
    expect(sent.map(({ topic }) => topic).sort()).toEqual([`user:${ada.userId}`, `user:${bob.userId}`].sort());
    expect(sent[0]?.event).toMatchObject({ entry: { type: 'conversation_joined', conversationId } });
  });
});
