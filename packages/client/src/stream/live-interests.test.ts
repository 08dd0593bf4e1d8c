import { makeChannelId } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { expect, it } from 'vitest';
import { BOB, conversation } from '../../test/samples.ts';
import { ApiError } from '../api/api-error.ts';
import type { Asking, Reply } from '../connection/replies.ts';
import { Store } from '../store/store.ts';
import { Interests } from '../tabs/interests.ts';
import { LiveInterests } from './live-interests.ts';

const CHANNEL = makeChannelId(1n);
const channel = conversation({ conversation_id: CHANNEL, kind: 'channel', head_seq: 5 });
const storeIsDown: Reply = { type: 'error', re: 1, code: 'STORE_UNAVAILABLE', detail: 'Try again.' };
const done: Reply = { type: 'done', re: 1 };

/** A tab that has the channel and Bob on its screen; `replies` are given in turn, then all is done. */
function lookingAt(
  replies: readonly Reply[],
  api: () => Promise<never> = () => Promise.resolve({ items: [] } as never),
) {
  const clock = new FakeClock();
  const store = new Store();
  store.dispatch({ type: 'conversations_found', conversations: [channel] });
  const interests = new Interests();
  interests.set('tab', { userIds: [BOB], channelIds: [CHANNEL] });
  const asked: string[] = [];
  const reported: unknown[] = [];
  let restarts = 0;
  const left = [...replies];
  const live = new LiveInterests({
    environment: {
      after: (delayMs, callback) => clock.after(delayMs, callback),
      report: (error) => reported.push(error),
    },
    api: { call: api },
    store,
    interests,
    ask: async (command: Asking) => {
      asked.push(command.type);
      return (command.type === 'subscribe' ? left.shift() : undefined) ?? done;
    },
    restart: () => {
      restarts += 1;
    },
  });
  live.live();
  const subscribed = () => asked.filter((type) => type === 'subscribe').length;
  return { clock, live, store, reported, asked, subscribed, restarts: () => restarts };
}

it('[SYNC-11] an open channel whose subscription failed is subscribed again', async () => {
  const { clock, subscribed } = lookingAt([storeIsDown, storeIsDown]);
  await clock.advance(30_000);
  expect(subscribed()).toBe(3);
});

it('[SYNC-11] an open channel is subscribed again when its user is a member again', async () => {
  const { clock, live, subscribed } = lookingAt([]);
  await clock.advance(30_000);
  expect(subscribed()).toBe(1);
  live.membershipChanged(CHANNEL);
  await clock.advance(30_000);
  expect(subscribed()).toBe(2);
});

it('[SYNC-7] a subscription from a place that the log does not have begins anew with a sync', async () => {
  const { clock, restarts } = lookingAt([{ type: 'resync_required', re: 1, reason: 'position_ahead', epoch: 'e' }]);
  await clock.advance(30_000);
  expect(restarts()).toBe(1);
});

it('[PRES-2] a present state that cannot be had now is no fault and is asked for again', async () => {
  const { clock, reported, asked } = lookingAt([], () => Promise.reject(new ApiError('unreachable', 'No answer.')));
  await clock.advance(6_000);
  expect(reported).toEqual([]);
  expect(asked.filter((type) => type === 'presence_watch').length).toBeGreaterThan(1);
});
