import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

describe.each(CODECS)('receipts, typing and presence with $name', (codec) => {
  it('[RCPT-2] others learn of moved cursors, merged, and the own devices by the user log', async () => {
    const [ada, bob, eve] = await node.build.people(3);
    if (ada === undefined || bob === undefined || eve === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob, eve]);
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    const third = await TestClient.live(node, eve, codec);
    for (let sent = 0; sent < 3; sent += 1) await writer.say(group, `message ${sent}`);
    for (const up_to of [3, 4, 5]) reader.post({ type: 'read_receipt', conversation_id: group, up_to });
    await reader.settle();
    await node.clock.advance(1_000);
    const cursorsOfBob = { user_id: bob.userId, delivered_up_to: 5, read_up_to: 5 };
    const all = { delivered_up_to: 2, read_up_to: 2 };
    expect(await writer.next('receipts')).toMatchObject({ conversation_id: group, cursors: [cursorsOfBob], all });
    await reader.next((frame) => frame.type === 'cursor_moved' && frame.read_up_to === 5);
    await writer.settle();
    expect([writer.of('receipts').length, reader.of('receipts').length]).toEqual([1, 0]);
    await writer.say(group, 'one more');
    reader.post({ type: 'read_receipt', conversation_id: group, up_to: 6 });
    third.post({ type: 'delivery_receipt', conversation_id: group, up_to: 6 });
    await Promise.all([reader.settle(), third.settle()]);
    await node.clock.advance(1_000);
    for (const client of [writer, reader]) {
      const news = await client.next((frame) => frame.type === 'receipts' && frame.all.delivered_up_to === 6);
      expect(news).toMatchObject({
        cursors: [
          { user_id: bob.userId, delivered_up_to: 6, read_up_to: 6 },
          { user_id: eve.userId, delivered_up_to: 6, read_up_to: 2 },
        ],
        all: { delivered_up_to: 6, read_up_to: 2 },
      });
    }
  });

  it('[RCPT-4] who hides own reading hears that others have it, not that they have read it', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    await node.build.stores.accountStore.update(ada.userId, { privacy: { read_receipts: false } });
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    const read = async (up_to: number) => {
      await writer.say(group, 'a question');
      // Also alone, at another time, reading must not show.
      for (const type of ['delivery_receipt', 'read_receipt'] as const) {
        reader.post({ type, conversation_id: group, up_to });
        await reader.settle();
        await node.clock.advance(1_000);
      }
    };
    await read(3);
    const told = await writer.next('receipts');
    expect(told.cursors).toEqual([{ user_id: bob.userId, delivered_up_to: 3, read_up_to: 0 }]);
    expect(told.all).toEqual({ delivered_up_to: 3, read_up_to: 0 });
    await node.build.stores.accountStore.update(ada.userId, { privacy: { read_receipts: true } });
    await writer.next('profile_changed');
    await read(4);
    await writer.next((frame) => frame.type === 'receipts' && frame.all.read_up_to === 4);
    await writer.settle();
    expect(writer.of('receipts').map(({ all }) => all.read_up_to)).toEqual([0, 3, 4]);
  });

  it('[TYPE-1] typing is passed on to others, not to the typist', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    const [typist, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    typist.post({ type: 'typing_start', conversation_id: group });
    expect(await reader.next('typing_start')).toMatchObject({ user_id: ada.userId, conversation_id: group });
    await typist.settle();
    expect(typist.of('typing_start')).toEqual([]);
  });

  it('[PRES-2] presence goes to those who watch, beginning with the present state', async () => {
    const [ada, bob, eve] = await node.build.people(3);
    if (ada === undefined || bob === undefined || eve === undefined) throw new Error('No people.');
    await node.build.direct(ada, bob);
    const [watcher, stranger] = [await TestClient.live(node, ada, codec), await TestClient.live(node, eve, codec)];
    await watcher.call({ type: 'presence_watch', user_ids: [bob.userId] });
    await stranger.call({ type: 'presence_watch', user_ids: [bob.userId] });
    expect(watcher.of('presence_update')).toMatchObject([{ user_id: bob.userId, status: 'offline' }]);
    const friend = await TestClient.live(node, bob, codec);
    await watcher.next((frame) => frame.type === 'presence_update' && frame.status === 'online');
    await friend.cut();
    await node.clock.advance(10_000);
    await watcher.next(
      (frame) => frame.type === 'presence_update' && frame.status === 'offline' && frame.last_seen_at !== null,
    );
    await stranger.settle();
    expect(stranger.of('presence_update').filter(({ status }) => status === 'online')).toEqual([]);
  });

  it('[PRES-2] another presence_watch replaces the one before', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    await node.build.direct(ada, bob);
    const watcher = await TestClient.live(node, ada, codec);
    await watcher.call({ type: 'presence_watch', user_ids: [bob.userId] });
    await watcher.call({ type: 'presence_watch', user_ids: [] });
    await TestClient.live(node, bob, codec);
    await watcher.settle();
    expect(watcher.of('presence_update').filter(({ status }) => status === 'online')).toEqual([]);
  });
});
