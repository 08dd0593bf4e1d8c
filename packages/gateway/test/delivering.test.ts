import { type BrokerEvent, StoreError, type Topic } from '@parley/core';
import { MemoryBroker } from '@parley/memory';
import { binaryCodec, CLOSE } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODECS, TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

/** Loses everything, except what a test lets through. */
class SilentBroker extends MemoryBroker {
  override publish(): void {}

  speak(topic: Topic, event: BrokerEvent): void {
    super.publish(topic, event);
  }
}

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

async function pair() {
  const [ada, bob] = await node.build.people(2);
  if (ada === undefined || bob === undefined) throw new Error('No people.');
  return { ada, bob, group: await node.build.group(ada, [bob]) };
}

describe.each(CODECS)('delivering with $name', (codec) => {
  it('[SEND-10] messages of one connection are stored and heard in the order in which they were sent', async () => {
    const { ada, bob, group } = await pair();
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    const acks = await Promise.all(Array.from({ length: 200 }, (_, index) => writer.say(group, `message ${index}`)));
    await reader.next((frame) => frame.type === 'new_message' && frame.seq === 202);
    expect(acks.map((ack) => ack.type === 'msg_ack' && ack.seq)).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 3),
    );
    expect(reader.of('new_message').map(({ content }) => content.text)).toEqual(
      Array.from({ length: 200 }, (_, index) => `message ${index}`),
    );
  });

  it('[SEND-10] a refusal among messages on their way keeps its place; those around it are stored in order, without a gap', async () => {
    const { ada, bob, group } = await pair();
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    const say = (text: string, replyTo?: number): number =>
      writer.post({
        type: 'send_message',
        conversation_id: group,
        client_msg_id: crypto.randomUUID(),
        content: { text, ...(replyTo === undefined ? {} : { reply_to: replyTo }) },
      });
    const [one, refused, two, three] = [say('one'), say('to nothing', 999), say('two'), say('three')];
    await reader.next((frame) => frame.type === 'new_message' && frame.seq === 5);
    await writer.settle();
    const replies = writer.frames.filter((frame) => frame.type === 'msg_ack' || frame.type === 'error');
    expect(replies).toMatchObject([
      { type: 'msg_ack', re: one, seq: 3 },
      { type: 'error', re: refused, code: 'NOT_FOUND' },
      { type: 'msg_ack', re: two, seq: 4 },
      { type: 'msg_ack', re: three, seq: 5 },
    ]);
    expect(reader.of('new_message').map(({ content }) => content.text)).toEqual(['one', 'two', 'three']);
  });

  it('[SEND-10] one that failed for a passing reason does not hold up those behind it; repeated it takes its place after them, once', async () => {
    const { ada, bob, group } = await pair();
    const log = node.core.messageLog;
    let isDown = true;
    const append: typeof log.append = (appends) => {
      if (!isDown) return log.append(appends);
      isDown = false;
      return Promise.reject(new StoreError('The disk is full.', { applied: 'no', retryable: true }));
    };
    const passing = await startNode({
      stores: {
        ...node.core,
        messageLog: new Proxy(log, {
          get: (target, name: keyof typeof log) => (name === 'append' ? append : target[name].bind(target)),
        }),
      },
    });
    const writer = await TestClient.live(passing, ada, codec);
    const [first, second] = ['first', 'second'].map((text) => ({
      type: 'send_message' as const,
      conversation_id: group,
      client_msg_id: crypto.randomUUID(),
      content: { text },
    }));
    if (first === undefined || second === undefined) throw new Error('Two messages were made.');
    const [failed, stored] = await Promise.all([writer.call(first), writer.call(second)]);
    expect(failed).toMatchObject({ type: 'error', code: 'STORE_UNAVAILABLE' });
    expect(stored).toMatchObject({ type: 'msg_ack', seq: 3, duplicate: false });
    expect(await writer.call(first)).toMatchObject({ type: 'msg_ack', seq: 4, duplicate: false });
    expect(await writer.call(first)).toMatchObject({ type: 'msg_ack', seq: 4, duplicate: true });
    await passing.close();
    const reader = await TestClient.as(node, bob, codec);
    await reader.sync(node, bob, { [group]: 2 });
    expect(reader.of('new_message').map(({ content }) => content.text)).toEqual(['second', 'first']);
  });

  it('[SYNC-3] the acknowledgement stands for the own entry; other devices of the sender get the entry', async () => {
    const { ada, group } = await pair();
    const tablet = await node.build.deviceOf(ada.userId);
    const [phone, other] = [await TestClient.live(node, ada, codec), await TestClient.live(node, tablet, codec)];
    expect(await phone.say(group, 'hello')).toMatchObject({ type: 'msg_ack', seq: 3, duplicate: false });
    await other.next('new_message');
    await phone.settle();
    expect(phone.of('new_message')).toEqual([]);
  });

  it('[SEND-2] a repeated key gets the first answer again and nobody hears it twice', async () => {
    const { ada, bob, group } = await pair();
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    const asked = {
      type: 'send_message',
      conversation_id: group,
      client_msg_id: crypto.randomUUID(),
      content: { text: 'once' },
    } as const;
    const first = await writer.call(asked);
    const second = await writer.call(asked);
    expect([first, second]).toMatchObject([
      { seq: 3, duplicate: false },
      { seq: 3, duplicate: true },
    ]);
    expect(await writer.call({ ...asked, content: { text: 'twice' } })).toMatchObject({
      code: 'KEY_REUSED',
      client_msg_id: asked.client_msg_id,
    });
    await reader.settle();
    expect(reader.of('new_message')).toHaveLength(1);
  });

  it('edits, deletions and reactions are acknowledged and heard', async () => {
    const { ada, bob, group } = await pair();
    const [writer, reader] = [await TestClient.live(node, ada, codec), await TestClient.live(node, bob, codec)];
    await writer.say(group, 'first');
    const key = () => ({ conversation_id: group, client_msg_id: crypto.randomUUID(), target_seq: 3 });
    expect(await writer.call({ type: 'edit_message', ...key(), content: { text: 'better' } })).toMatchObject({
      type: 'msg_ack',
      seq: 4,
    });
    expect(await reader.call({ type: 'react', ...key(), emoji: '👍', action: 'added' })).toMatchObject({
      type: 'msg_ack',
      seq: 5,
    });
    expect(await writer.call({ type: 'delete_message', ...key(), scope: 'everyone' })).toMatchObject({
      type: 'msg_ack',
      seq: 6,
    });
    await reader.next('message_deleted');
    await writer.next('reaction');
    expect(reader.frames.map(({ type }) => type).slice(3)).toEqual([
      'new_message',
      'message_edited',
      'msg_ack',
      'message_deleted',
    ]);
  });

  it('[SEND-6] a conversation of others and one that does not exist are refused alike', async () => {
    const { ada, group } = await pair();
    const eve = await node.build.person();
    const client = await TestClient.live(node, eve, codec);
    const refusal = await client.say(group, 'let me in');
    expect(refusal).toMatchObject({ type: 'error', code: 'NOT_FOUND' });
    const missing = await client.say(node.build.groupRequest(ada, []).record.conversationId, 'let me in');
    expect({ ...missing, re: 0, client_msg_id: '' }).toEqual({ ...refusal, re: 0, client_msg_id: '' });
  });

  it('a frame for many is encoded once, and all frames of one turn leave in one write', async () => {
    const { ada, bob, group } = await pair();
    const readers: TestClient[] = [];
    for (let made = 0; made < 5; made += 1) readers.push(await TestClient.live(node, bob, codec));
    for (const reader of readers) await reader.settle();
    const origin = await TestClient.live(node, ada, codec);
    await origin.settle();
    const before = node.gateway.stats();
    const entries = [];
    for (let sent = 0; sent < 100; sent += 1) entries.push(await node.build.send(ada, group, `message ${sent}`));
    for (const entry of entries)
      node.core.broker.publish(`conversation:${group}`, { type: 'entry', entry, originConnectionId: null });
    for (const client of [...readers, origin])
      await client.next((frame) => frame.type === 'new_message' && frame.seq === 102);
    const after = node.gateway.stats();
    expect(after.encodings - before.encodings).toBe(100);
    expect(after.framesOut - before.framesOut).toBe(600);
    expect(after.socketWrites - before.socketWrites).toBe(6);
  });

  it('a failing store is answered with what became of the write, anything else with a number and no details', async () => {
    const { ada, group } = await pair();
    const failures: Error[] = [
      new StoreError('The disk is full.', { applied: 'no', retryable: true }),
      new StoreError('The connection broke.', { applied: 'unknown', retryable: true }),
      new Error('secret detail'),
    ];
    const log = node.core.messageLog;
    const failing = await startNode({
      stores: {
        ...node.core,
        messageLog: new Proxy(log, {
          get: (target, name: keyof typeof log) =>
            name === 'append' ? () => Promise.reject(failures.shift()) : target[name].bind(target),
        }),
      },
    });
    const client = await TestClient.live(failing, ada, codec);
    const [no, unknown, broken] = [
      await client.say(group, 'a'),
      await client.say(group, 'b'),
      await client.say(group, 'c'),
    ];
    expect([no, unknown]).toMatchObject([
      { code: 'STORE_UNAVAILABLE', detail: 'It was not stored; try again with the same key.' },
      { code: 'STORE_UNAVAILABLE', detail: 'It may have been stored: repeat it with the same key.' },
    ]);
    expect(broken).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(broken)).not.toContain('secret');
    expect(failing.log.lines.filter(({ event }) => event === 'gateway.command_failed')).toHaveLength(1);
    await failing.close();
  });
});

describe('between nodes', () => {
  it('[SYNC-3] an entry that the broker lost comes with the next one, and the last one by the slow comparison with the log', async () => {
    const { ada, bob, group } = await pair();
    const reader = await TestClient.live(node, bob);
    await node.build.send(ada, group, 'lost');
    const heard = await node.build.send(ada, group, 'heard');
    node.core.broker.publish(`conversation:${group}`, { type: 'entry', entry: heard, originConnectionId: null });
    await reader.next((frame) => frame.type === 'new_message' && frame.seq === 4);
    await node.build.send(ada, group, 'lost as well');
    await node.clock.advance(30_000);
    await reader.settle();
    await node.clock.advance(31_000);
    await reader.next((frame) => frame.type === 'new_message' && frame.seq === 5);
    expect(reader.of('new_message').map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });

  it('[SYNC-2] an event of the user log that was lost comes with the next one, and the last one by the comparison', async () => {
    const broker = new SilentBroker();
    const silent = await startNode({ broker, clock: node.clock });
    const [ada, bob] = await silent.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const client = await TestClient.live(silent, ada);
    const [first, second] = [await silent.build.group(bob, [ada]), await silent.build.group(bob, [ada])];
    const { entries } = await silent.core.userLog.readAfter(ada.userId, 0, 100);
    const last = entries.at(-1);
    if (last === undefined) throw new Error('No user log.');
    broker.speak(`user:${ada.userId}`, { type: 'user_entry', entry: last });
    await client.next((frame) => frame.type === 'conversation_joined' && frame.conversation.conversation_id === second);
    const third = await silent.build.group(bob, [ada]);
    await node.clock.advance(61_000);
    await client.next((frame) => frame.type === 'conversation_joined' && frame.conversation.conversation_id === third);
    const joined = client.of('conversation_joined').map(({ conversation }) => conversation.conversation_id);
    expect(joined).toEqual([first, second, third]);
    await silent.close();
  });

  it('[BOX-1] an item of the mailbox that was lost comes before the next one, and the last one by the comparison', async () => {
    const broker = new SilentBroker();
    const silent = await startNode({ broker, clock: node.clock });
    const [ada, bob] = await silent.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const client = await TestClient.live(silent, bob);
    const put = async () => {
      const outcome = await silent.core.mailbox.put({
        senderId: ada.userId,
        senderDeviceId: ada.deviceId,
        clientMsgId: crypto.randomUUID(),
        createdAt: silent.clock.now(),
        items: [{ ...bob, payload: 'aGk' }],
        itemsMax: 10,
      });
      if (outcome.kind !== 'stored' || outcome.records[0] === undefined)
        throw new Error(`Not stored: ${outcome.kind}.`);
      return outcome.records[0];
    };
    await put();
    const record = await put();
    broker.speak(`user:${bob.userId}`, { type: 'mailbox', record });
    await client.next((frame) => frame.type === 'mailbox_item' && frame.seq === 2);
    await put();
    await node.clock.advance(61_000);
    await client.next((frame) => frame.type === 'mailbox_item' && frame.seq === 3);
    expect(client.of('mailbox_item').map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await silent.close();
  });
});

it('[S8] an entry that cannot be written closes every connection that should get it, nothing else, and the log tells of it', async () => {
  const { ada, bob, group } = await pair();
  const clients = [await TestClient.live(node, ada, binaryCodec), await TestClient.live(node, bob, binaryCodec)];
  // No schema takes it: no bytes have a text of one digit.
  const entry = await node.build.send(ada, group, { sealed: 'A' });
  node.core.broker.publish(`conversation:${group}`, { type: 'entry', entry, originConnectionId: null });
  const codes = await Promise.all(clients.map(async ({ closed }) => (await closed).code));
  expect(codes).toEqual([CLOSE.INTERNAL.code, CLOSE.INTERNAL.code]);
  expect(node.log.lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'frame.not_written' }));
  await TestClient.as(node, bob, binaryCodec);
});
