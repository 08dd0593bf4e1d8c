import { FakeClock } from '@parley/testkit';
import { expect, it } from 'vitest';
import { conversation, GROUP, said } from '../../test/samples.ts';
import { Store } from '../store/store.ts';
import { ConversationSource } from './conversation-source.ts';
import { EntryStream } from './entry-stream.ts';

it('[SYNC-3] a gap that shows while the connection is still syncing, when nothing can be asked, is filled later', async () => {
  const clock = new FakeClock();
  const store = new Store();
  store.dispatch({ type: 'conversations_found', conversations: [conversation({ head_seq: 1 })] });
  let isLive = false;
  const source = new ConversationSource(
    { call: () => Promise.reject(new Error('Nothing else is asked.')) },
    store,
    () =>
      Promise.resolve(
        isLive
          ? {
              type: 'entries',
              re: 1,
              conversation_id: GROUP,
              after_seq: 1,
              entries: [said(3)],
              covered_up_to: 3,
              head_seq: 3,
            }
          : 'lost',
      ),
  );
  const { fetchEntries, fetchConversation } = source;
  const stream = new EntryStream({
    environment: clock,
    store,
    fetchEntries,
    fetchConversation,
    isWriting: () => false,
  });
  stream.take(said(3));
  await clock.advance(100);
  isLive = true;
  await clock.advance(5_000);
  expect(store.getSnapshot().conversations[GROUP]?.resource.head_seq).toBe(3);
});
