import { makeChannelId } from '@parley/protocol';
import { expect, it } from 'vitest';
import { conversation, snapshot } from '../../test/samples.ts';
import { Store } from '../store/store.ts';
import { ConversationSource } from './conversation-source.ts';

const CHANNEL = makeChannelId(1n);
const channel = conversation({ conversation_id: CHANNEL, kind: 'channel', head_seq: 2 });

it('[HIST-5] a list that was read before a channel was left does not bring it back', async () => {
  const store = new Store();
  store.dispatch({ type: 'snapshot_taken', snapshot: { ...snapshot(), conversations: [channel] } });
  const lists = [[{ ...channel, head_seq: 3 }], []];
  const call = async () => {
    const items = lists.shift();
    await Promise.resolve();
    const left = { type: 'conversation_left', user_seq: 2, conversation_id: CHANNEL, reason: 'left' } as const;
    store.dispatch({ type: 'user_event_arrived', event: left });
    // The cast holds: it is the answer to the only call that is made.
    return { items, next_cursor: null } as never;
  };
  await new ConversationSource({ call }, store, () => Promise.resolve('lost')).refreshHints(() => false);
  expect(store.getSnapshot().conversations).toEqual({});
});

it('[SYNC-8] a list that was overtaken by the user log is read again and undoes nothing', async () => {
  const store = new Store();
  store.dispatch({ type: 'snapshot_taken', snapshot: { ...snapshot(), conversations: [channel] } });
  const settings = { ...channel.my.settings, pinned: true };
  const newer = { ...channel, head_seq: 3 };
  const pinned = { ...newer, my: { ...channel.my, settings } };
  const pages = [newer, pinned];
  const call = async () => {
    const items = [pages.shift()];
    await Promise.resolve();
    // Pinned on another device after the first list was read and before it came.
    if (pages.length === 1)
      store.dispatch({
        type: 'user_event_arrived',
        event: { type: 'settings_changed', user_seq: 2, conversation_id: CHANNEL, settings },
      });
    // The cast holds: it is the answer to the only call that is made.
    return { items, next_cursor: null } as never;
  };
  await new ConversationSource({ call }, store, () => Promise.resolve('lost')).refreshHints(() => false);
  expect(store.getSnapshot()).toMatchObject({ userSeq: 2, conversations: { [CHANNEL]: { resource: pinned } } });
  expect(pages).toEqual([]);
});

it('[SYNC-11] the list tells what is unread in a channel that is not open', async () => {
  const store = new Store();
  store.dispatch({ type: 'conversations_found', conversations: [channel] });
  const newer = { ...channel, head_seq: 3, unread_count: 1 };
  // The cast holds: as above.
  const call = () => Promise.resolve({ items: [newer], next_cursor: null } as never);
  await new ConversationSource({ call }, store, () => Promise.resolve('lost')).refreshHints(() => false);
  expect(store.getSnapshot().conversations[CHANNEL]?.resource.head_seq).toBe(3);
});
