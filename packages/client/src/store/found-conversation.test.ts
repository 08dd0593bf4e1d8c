import { makeChannelId } from '@parley/protocol';
import { expect, it } from 'vitest';
import { conversation, snapshot } from '../../test/samples.ts';
import { foundConversation } from './found-conversation.ts';
import { Store } from './store.ts';

const CHANNEL = makeChannelId(1n);
const channel = conversation({ conversation_id: CHANNEL, kind: 'channel', head_seq: 2 });
const left = { type: 'conversation_left', user_seq: 2, conversation_id: CHANNEL, reason: 'left' } as const;

function storeWith(conversations: readonly (typeof channel)[]): Store {
  const store = new Store();
  store.dispatch({ type: 'snapshot_taken', snapshot: { ...snapshot(), conversations: [...conversations] } });
  return store;
}

it('[HIST-5] a channel that was left before the answer to its joining came does not come back', async () => {
  const store = storeWith([channel]);
  const answer = Promise.withResolvers<typeof channel>();
  const joining = foundConversation(store, () => answer.promise);
  store.dispatch({ type: 'user_event_arrived', event: left });
  answer.resolve(channel);
  expect(await joining).toBe(channel);
  expect(store.getSnapshot().conversations).toEqual({});
});

it('[CONV-3] a channel that was joined is there with the answer', async () => {
  const store = storeWith([]);
  await foundConversation(store, () => Promise.resolve(channel));
  expect(Object.keys(store.getSnapshot().conversations)).toEqual([CHANNEL]);
});
