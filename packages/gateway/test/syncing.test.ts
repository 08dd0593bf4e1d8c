import type { UserLog } from '@parley/core';
import { openMemoryStores } from '@parley/memory';
import { LIMITS, type ServerFrame } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Asked, CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

const seqsOf = (client: TestClient): number[] => client.of('new_message').map(({ seq }) => seq);
const typesOf = (frames: readonly ServerFrame[]): string[] => frames.map(({ type }) => type);

describe.each(CODECS)('synchronising with $name', (codec) => {
  it('[SYNC-4] what is missing comes in order, then `resumed`, then live', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    for (let sent = 0; sent < 120; sent += 1) await node.build.send(bob, group, `message ${sent}`);
    const client = await TestClient.as(node, ada, codec);
    expect(await client.sync(node, ada, { [group]: 12 })).toMatchObject({ type: 'resumed', complete: true });
    expect(seqsOf(client)).toEqual(Array.from({ length: 110 }, (_, index) => index + 13));
    expect(client.frames.at(-1)?.type).toBe('resumed');
    const other = await TestClient.live(node, bob, codec);
    await other.say(group, 'live');
    expect(await client.next((frame) => frame.type === 'new_message' && frame.seq === 123)).toMatchObject({
      content: { text: 'live' },
    });
  });

  it('[SYNC-5] entries that are stored during the replay follow it, without gap or repeat', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    for (let sent = 0; sent < 300; sent += 1) await node.build.send(bob, group, `old ${sent}`);
    const writer = await TestClient.live(node, bob, codec);
    const client = await TestClient.as(node, ada, codec);
    const resumed = client.sync(node, ada, { [group]: 2 });
    for (let sent = 0; sent < 100; sent += 1) await writer.say(group, `new ${sent}`);
    await resumed;
    await client.settle();
    expect(seqsOf(client)).toEqual(Array.from({ length: 400 }, (_, index) => index + 3));
  });

  it('[SYNC-6] more than 500 entries behind: the present state instead, and live after its head', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    for (let sent = 0; sent < LIMITS.replayEntriesMax + 1; sent += 1) await node.build.send(bob, group, `old ${sent}`);
    const client = await TestClient.as(node, ada, codec);
    await client.sync(node, ada, { [group]: 2 });
    expect(client.of('conversation_gap')).toMatchObject([
      { after_seq: 2, conversation: { conversation_id: group, head_seq: 503 } },
    ]);
    expect(seqsOf(client)).toEqual([]);
    const writer = await TestClient.live(node, bob, codec);
    await writer.say(group, 'after the gap');
    await client.next('new_message');
    expect(seqsOf(client)).toEqual([504]);
  });

  it('[SYNC-7] another epoch, a place beyond a log, and too many user events each ask for a new start, and nothing is live', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    const client = await TestClient.as(node, ada, codec);
    const epoch = await node.core.messageLog.epoch();
    const head = await node.core.userLog.head(ada.userId);
    const asked: Asked<'sync'> = { type: 'sync', epoch, user_seq: head, positions: [] };
    expect(await client.call({ ...asked, epoch: 'another' })).toMatchObject({
      type: 'resync_required',
      reason: 'epoch_changed',
      epoch,
    });
    expect(await client.call({ ...asked, user_seq: head + 1 })).toMatchObject({
      type: 'resync_required',
      reason: 'position_ahead',
    });
    expect(await client.sync(node, ada, { [group]: 99 })).toMatchObject({
      type: 'resync_required',
      reason: 'position_ahead',
    });
    const writer = await TestClient.live(node, bob, codec);
    await writer.say(group, 'unheard');
    await client.settle();
    expect(seqsOf(client)).toEqual([]);
    const afterwards = await client.sync(node, ada, { [group]: 2 });
    expect([afterwards.type, seqsOf(client)]).toEqual(['resumed', [3]]);
  });

  it('[SYNC-2] missed events of the user log come first and in order', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const before = await node.core.userLog.head(ada.userId);
    const first = await node.build.group(bob, [ada]);
    const second = await node.build.group(bob, [ada]);
    await node.build.send(bob, second, 'hello');
    const client = await TestClient.as(node, ada, codec);
    await client.sync(node, ada, {}, before);
    const joined = client.of('conversation_joined');
    expect(joined.map(({ conversation }) => conversation.conversation_id)).toEqual([first, second]);
    expect(joined.map(({ user_seq }) => user_seq)).toEqual([before + 1, before + 2]);
    expect(typesOf(client.frames)).toEqual([
      'hello',
      'authenticated',
      'conversation_joined',
      'conversation_joined',
      'resumed',
    ]);
  });

  it.each(['after it was taken from its head on', 'while it is being taken from its head on'])(
    '[SYNC-5] a conversation whose event comes %s is live from where the event says',
    async (when) => {
      const stores = openMemoryStores();
      const viewed = Promise.withResolvers<void>();
      const told = Promise.withResolvers<void>();
      let begin: (() => Promise<void>) | undefined;
      const { conversationStore, membershipStore } = stores;
      const view = conversationStore.view.bind(conversationStore);
      conversationStore.view = async (...args) => {
        const answer = await view(...args);
        viewed.resolve();
        await told.promise;
        return answer;
      };
      const conversationsOf = membershipStore.conversationsOf.bind(membershipStore);
      membershipStore.conversationsOf = async (...args) => {
        await begin?.();
        return conversationsOf(...args);
      };
      const slow = await startNode({ stores });
      const [ada, bob] = await slow.build.people(2);
      if (ada === undefined || bob === undefined) throw new Error('No people.');
      begin = async () => {
        const group = await slow.build.group(bob, [ada]);
        await viewed.promise;
        await slow.build.send(bob, group, 'between');
      };
      const client = await TestClient.as(slow, ada, codec);
      const attaching = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const find = membershipStore.find.bind(membershipStore);
      membershipStore.find = async (...args) => {
        attaching.resolve();
        if (when.startsWith('while')) await goOn.promise;
        return find(...args);
      };
      const synced = client.sync(slow, ada, {});
      await (when.startsWith('while') ? attaching.promise : synced);
      told.resolve();
      const { conversation } = await client.next('conversation_joined');
      goOn.resolve();
      await synced;
      expect(conversation.head_seq).toBe(2);
      expect(await client.next('new_message')).toMatchObject({ seq: 3, content: { text: 'between' } });
      const writer = await TestClient.live(slow, bob, codec);
      await writer.say(conversation.conversation_id, 'later');
      expect(await client.next((frame) => frame.type === 'new_message' && frame.seq === 4)).toMatchObject({
        content: { text: 'later' },
      });
      await slow.close();
    },
  );

  it.each(['heard before', 'heard after'])(
    '[SYNC-2] what is stored while missed events are read comes once, %s they are sent',
    async (when) => {
      const stores = openMemoryStores();
      let meanwhile = async (): Promise<void> => undefined;
      const userLog: UserLog = {
        readAfter: async (...args) => {
          const range = await stores.userLog.readAfter(...args);
          await meanwhile();
          return range;
        },
        head: (userId) => stores.userLog.head(userId),
        heads: (userIds) => stores.userLog.heads(userIds),
        hideMessage: (...args) => stores.userLog.hideMessage(...args),
        onAppended: (listener) => stores.userLog.onAppended(listener),
      };
      const busy = await startNode({ stores: { ...stores, userLog } });
      try {
        const [ada, bob] = await busy.build.people(2);
        if (ada === undefined || bob === undefined) throw new Error('No people.');
        const client = await TestClient.as(busy, ada, codec);
        let group: string | undefined;
        meanwhile = async () => {
          meanwhile = async () => undefined;
          group = await busy.build.group(bob, [ada]);
          // The broker speaks in a turn of its own.
          if (when === 'heard before') await new Promise((resolve) => setImmediate(resolve));
        };
        const head = await busy.core.userLog.head(ada.userId);
        await client.sync(busy, ada, {}, head);
        await client.next('conversation_joined');
        await client.settle();
        const joined = client.of('conversation_joined');
        expect(joined.map(({ conversation, user_seq }) => [conversation.conversation_id, user_seq])).toEqual([
          [group, head + 1],
        ]);
      } finally {
        await busy.close();
      }
    },
  );

  it('[SYNC-9] positions may come in several commands', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const one = await node.build.group(ada, [bob]);
    const two = await node.build.group(ada, [bob]);
    await node.build.send(bob, one, 'in one');
    await node.build.send(bob, two, 'in two');
    const client = await TestClient.as(node, ada, codec);
    const asked = {
      type: 'sync',
      epoch: await node.core.messageLog.epoch(),
      user_seq: await node.core.userLog.head(ada.userId),
    } as const;
    expect(await client.call({ ...asked, positions: [{ conversation_id: one, seq: 2 }], more: true })).toMatchObject({
      type: 'done',
    });
    expect(await client.call({ ...asked, positions: [{ conversation_id: two, seq: 2 }] })).toMatchObject({
      type: 'resumed',
    });
    expect(
      client
        .of('new_message')
        .map(({ conversation_id }) => conversation_id)
        .sort(),
    ).toEqual([one, two].sort());
  });

  it('[SYNC-11] a conversation that begins while one is connected is live at once, on all devices', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const tablet = await node.build.deviceOf(ada.userId);
    const clients = [await TestClient.live(node, ada, codec), await TestClient.live(node, tablet, codec)];
    const group = await node.build.group(bob, [ada]);
    for (const client of clients) await client.next('conversation_joined');
    const writer = await TestClient.live(node, bob, codec);
    await writer.say(group, 'welcome');
    for (const client of clients)
      expect(await client.next('new_message')).toMatchObject({ content: { text: 'welcome' } });
  });

  it('[SYNC-11] a channel is live between subscribe and unsubscribe, for members only', async () => {
    const [ada, bob, eve] = await node.build.people(3);
    if (ada === undefined || bob === undefined || eve === undefined) throw new Error('No people.');
    const channel = await node.build.channel(ada, [bob]);
    await node.build.send(ada, channel, 'first');
    const owner = await TestClient.live(node, ada, codec);
    const reader = await TestClient.live(node, bob, codec);
    const stranger = await TestClient.live(node, eve, codec);
    await owner.say(channel, 'nobody listens');
    expect(await reader.call({ type: 'subscribe', conversation_id: channel, after_seq: 3 })).toMatchObject({
      type: 'done',
    });
    expect(seqsOf(reader)).toEqual([4]);
    expect(await stranger.call({ type: 'subscribe', conversation_id: channel, after_seq: 0 })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await owner.say(channel, 'live');
    await reader.next((frame) => frame.type === 'new_message' && frame.seq === 5);
    await reader.call({ type: 'unsubscribe', conversation_id: channel });
    await owner.say(channel, 'unheard');
    await reader.settle();
    await stranger.settle();
    expect([seqsOf(reader), seqsOf(stranger)]).toEqual([[4, 5], []]);
  });

  it('[HIST-4] a member of a group gets nothing from before the joining, whatever place it names', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada);
    await node.build.send(ada, group, 'before');
    await node.build.add(ada, group, [bob]);
    await node.build.send(ada, group, 'after');
    const client = await TestClient.as(node, bob, codec);
    await client.sync(node, bob, { [group]: 0 });
    expect(client.of('new_message').map(({ content }) => content.text)).toEqual(['after']);
  });

  it('[HIST-4] an edit of what was said before the joining keeps its place and says nothing, by sync and live', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada);
    const { seq: before } = await node.build.send(ada, group, 'before');
    await node.build.add(ada, group, [bob]);
    const { seq: after } = await node.build.send(ada, group, 'after');
    await node.build.appended(node.build.edit(ada, group, before, 'before, edited'));
    const client = await TestClient.as(node, bob, codec);
    await client.sync(node, bob, { [group]: after });
    const writer = await TestClient.live(node, ada, codec);
    const edit = { type: 'edit_message', conversation_id: group, client_msg_id: node.build.random.uuid() } as const;
    await writer.call({ ...edit, target_seq: before, content: { text: 'before, edited again' } });
    await writer.say(group, 'the end');
    await client.next((frame) => frame.type === 'new_message' && frame.content.text === 'the end');
    expect(client.of('message_edited').map(({ seq, content }) => [seq, content])).toEqual([
      [after + 1, undefined],
      [after + 2, undefined],
    ]);
  });

  it('[HIST-5] who is removed gets nothing from the removal on, live or by sync', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const group = await node.build.group(ada, [bob]);
    const [owner, member] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    await owner.say(group, 'for both');
    await member.next('new_message');
    await node.build.remove(ada, group, bob);
    await member.next('conversation_left');
    await owner.say(group, 'for one');
    await member.settle();
    const again = await TestClient.as(node, bob, codec);
    await again.sync(node, bob, { [group]: 2 });
    expect([seqsOf(member), seqsOf(again)]).toEqual([[3], []]);
    expect(member.of('member_removed')).toEqual([]);
  });

  it('[SYNC-10] fetch_entries names the range that it covers, and refuses a limit above the maximum', async () => {
    const [ada] = await node.build.people(1);
    if (ada === undefined) throw new Error('No people.');
    const group = await node.build.group(ada);
    for (let sent = 0; sent < 5; sent += 1) await node.build.send(ada, group, `message ${sent}`);
    const client = await TestClient.live(node, ada, codec);
    const asked = { type: 'fetch_entries', conversation_id: group, after_seq: 2 } as const;
    expect(await client.call({ ...asked, limit: 3 })).toMatchObject({
      type: 'entries',
      after_seq: 2,
      covered_up_to: 5,
      head_seq: 6,
    });
    expect(await client.call({ ...asked, limit: 101 })).toMatchObject({ type: 'error', code: 'LIMIT_TOO_HIGH' });
  });

  it('[BOX-1] items of the mailbox come after sync and live, in order, until they are acknowledged', async () => {
    const [ada, bob] = await node.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    await node.build.direct(ada, bob);
    const sender = await TestClient.live(node, ada, codec);
    const send = (payload: string) =>
      sender.call({
        type: 'mailbox_send',
        client_msg_id: crypto.randomUUID(),
        items: [{ user_id: bob.userId, device_id: bob.deviceId, payload }],
      });
    expect(await send('b25l')).toMatchObject({ type: 'done' });
    const first = await TestClient.live(node, bob, codec);
    await send('dHdv');
    await first.next(({ type, ...frame }) => type === 'mailbox_item' && 'seq' in frame && frame.seq === 2);
    expect(first.of('mailbox_item').map(({ seq, payload }) => [seq, payload])).toEqual([
      [1, 'b25l'],
      [2, 'dHdv'],
    ]);
    first.post({ type: 'mailbox_ack', up_to: 1 });
    await first.settle();
    const second = await TestClient.live(node, bob, codec);
    expect(second.of('mailbox_item').map(({ seq }) => seq)).toEqual([2]);
  });
});
