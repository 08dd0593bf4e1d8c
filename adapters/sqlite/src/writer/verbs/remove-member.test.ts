import { expect } from 'vitest';
import { test } from '../../../test/temporary-store.ts';

// Found by the model contract as a random sequence: hide, leave, join again.
test('[HIST-4] what a member had hidden is forgotten with the membership', async ({ openStore }) => {
  const { opened, build } = await openStore();
  const [alice, bob] = [await build.person(), await build.person()];
  const channel = await build.channel(alice, [bob]);
  const { seq } = await build.send(alice, channel, 'hello');
  expect(await opened.stores.userLog.hideMessage(bob.userId, channel, seq)).toBe('hidden');
  expect((await opened.stores.conversationStore.view(channel, bob.userId))?.lastMessage).toBeNull();
  await build.leave(bob, channel);
  await build.add(alice, channel, [bob]);
  expect((await opened.stores.conversationStore.view(channel, bob.userId))?.lastMessage?.seq).toBe(seq);
});
