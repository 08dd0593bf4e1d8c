import type { Command, ServerFrame } from '@parley/protocol';
import type { Person } from '@parley/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClient } from './test-client.ts';
import { startNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.close());

const never = new AbortController().signal;

/** A long-poll client by hand. */
class Poller {
  readonly #node: TestNode;
  readonly #person: Person;
  cursor = '';
  frames: { readonly type: string }[] = [];

  constructor(testNode: TestNode, person: Person) {
    this.#node = testNode;
    this.#person = person;
  }

  static async open(testNode: TestNode, person: Person): Promise<Poller> {
    const poller = new Poller(testNode, person);
    const opened = await testNode.gateway.poll.open(person, never);
    if (opened.kind !== 'done') throw new Error(`Not opened: ${opened.code}.`);
    poller.cursor = opened.value.cursor;
    poller.frames.push(...opened.value.frames);
    return poller;
  }

  async poll(signal: AbortSignal = never): Promise<readonly { readonly type: string }[]> {
    const answer = await this.#node.gateway.poll.poll(this.#person, this.cursor, signal);
    if (answer.kind !== 'done') throw new Error(answer.code);
    this.cursor = answer.value.cursor;
    this.frames.push(...answer.value.frames);
    return answer.value.frames;
  }

  async until(type: ServerFrame['type']): Promise<{ readonly type: string }> {
    for (;;) {
      const found = this.frames.find((frame) => frame.type === type);
      if (found !== undefined) return found;
      await this.poll();
    }
  }

  send(...commands: Command[]) {
    return this.#node.gateway.poll.send(this.#person, this.cursor, commands);
  }

  async goLive(): Promise<void> {
    const user_seq = await this.#node.core.userLog.head(this.#person.userId);
    await this.send({ type: 'sync', id: 1, epoch: await this.#node.core.messageLog.epoch(), user_seq, positions: [] });
    await this.until('resumed');
  }
}

async function pair() {
  const [ada, bob] = await node.build.people(2);
  if (ada === undefined || bob === undefined) throw new Error('No people.');
  return { ada, bob, group: await node.build.group(ada, [bob]) };
}

describe('long polling', () => {
  it('[POLL-1] a session behaves like a connection: greeting, sync, live, in the same order', async () => {
    const { ada, bob, group } = await pair();
    const poller = await Poller.open(node, bob);
    expect(poller.frames.map(({ type }) => type)).toEqual(['hello']);
    await poller.goLive();
    const writer = await TestClient.live(node, ada);
    const waiting = poller.poll();
    await writer.say(group, 'hello');
    expect(await waiting).toMatchObject([{ type: 'new_message', content: { text: 'hello' } }]);
  });

  it('[POLL-4] commands are taken in order and their replies are among the frames', async () => {
    const { bob, group } = await pair();
    const poller = await Poller.open(node, bob);
    await poller.goLive();
    const message = (id: number): Command => ({
      type: 'send_message',
      id,
      conversation_id: group,
      client_msg_id: crypto.randomUUID(),
      content: { text: `message ${id}` },
    });
    expect(await poller.send(message(5), message(6), { type: 'ping', id: 7 })).toMatchObject({ kind: 'done' });
    await poller.until('msg_ack');
    while (poller.frames.filter(({ type }) => type === 'msg_ack').length < 2) await poller.poll();
    expect(poller.frames.filter(({ type }) => type === 'msg_ack')).toMatchObject([
      { re: 5, seq: 3 },
      { re: 6, seq: 4 },
    ]);
    expect(await poller.until('pong')).toMatchObject({ re: 7 });
  });

  it('[POLL-2] asking again with the same cursor gives the same frames again, a later cursor acknowledges them', async () => {
    const { ada, bob, group } = await pair();
    const poller = await Poller.open(node, bob);
    await poller.goLive();
    const writer = await TestClient.live(node, ada);
    await writer.say(group, 'hello');
    const { cursor } = poller;
    const first = await poller.poll();
    const later = poller.cursor;
    poller.cursor = cursor;
    expect(await poller.poll()).toEqual(first);
    await writer.say(group, 'again');
    expect(poller.cursor).toBe(later);
    expect(await poller.poll()).toMatchObject([{ content: { text: 'again' } }]);
    poller.cursor = cursor;
    await expect(poller.poll()).rejects.toThrow('BAD_CURSOR');
  });

  it('[POLL-2] a poll ends empty after 25 s, or when its request is given up', async () => {
    const { bob } = await pair();
    const poller = await Poller.open(node, bob);
    // The first cursor acknowledges the greeting.
    const waiting = poller.poll();
    await node.clock.advance(25_000);
    expect(await waiting).toEqual([]);
    const request = new AbortController();
    const abandoned = poller.poll(request.signal);
    request.abort();
    expect(await abandoned).toEqual([]);
  });

  it('[POLL-3] a session that is not asked for 60 s is over', async () => {
    const { bob } = await pair();
    const poller = await Poller.open(node, bob);
    for (let round = 0; round < 4; round += 1) {
      const waiting = poller.poll();
      await node.clock.advance(25_000);
      await waiting;
    }
    await node.clock.advance(62_000);
    // At once, not when the next request of anybody comes.
    expect(node.gateway.stats()).toMatchObject({ connections: 0, pollSessions: 0 });
    await expect(poller.poll()).rejects.toThrow('BAD_CURSOR');
  });

  it('[POLL-3] a session that is not asked is over in time when the clock of the server is set back meanwhile', async () => {
    const { bob } = await pair();
    node.clock.set(86_400_000);
    await node.clock.advance(2_000);
    await Poller.open(node, bob);
    node.clock.set(-86_400_000);
    await node.clock.advance(59_000);
    expect(node.gateway.stats()).toMatchObject({ pollSessions: 1 });
    await node.clock.advance(4_000);
    expect(node.gateway.stats()).toMatchObject({ connections: 0, pollSessions: 0 });
  });

  it('[POLL-3] a session whose caller went before it had the answer is over at once', async () => {
    const { bob } = await pair();
    expect(await node.gateway.poll.open(bob, AbortSignal.abort())).toMatchObject({ kind: 'done' });
    expect(node.gateway.stats()).toMatchObject({ connections: 0, pollSessions: 0, userTopics: 0 });
    const caller = new AbortController();
    const opened = await node.gateway.poll.open(bob, caller.signal);
    expect(node.gateway.stats()).toMatchObject({ connections: 1, pollSessions: 1 });
    caller.abort();
    expect(node.gateway.stats()).toMatchObject({ connections: 0, pollSessions: 0, userTopics: 0 });
    const { cursor } = opened.kind === 'done' ? opened.value : { cursor: '' };
    expect(await node.gateway.poll.poll(bob, cursor, never)).toMatchObject({ code: 'BAD_CURSOR' });
  });

  it('[POLL-3] a cursor of another device, a made-up one and one of a closed session are no cursors', async () => {
    const { ada, bob } = await pair();
    const poller = await Poller.open(node, bob);
    const { poll } = node.gateway;
    const [id] = poller.cursor.split('.');
    for (const cursor of ['', '.', 'x.1', `${id}.`, `${id}.99`, `${id}.-1`, `${id}.1.1`, `${id}.1e1`])
      expect(await poll.poll(bob, cursor, never)).toMatchObject({ kind: 'refused', code: 'BAD_CURSOR' });
    expect(await poll.poll(ada, poller.cursor, never)).toMatchObject({ code: 'BAD_CURSOR' });
    expect(await poll.send(ada, poller.cursor, [{ type: 'ping', id: 1 }])).toMatchObject({ code: 'BAD_CURSOR' });
    expect(await poll.close(bob, poller.cursor)).toMatchObject({ kind: 'done' });
    expect(await poll.poll(bob, poller.cursor, never)).toMatchObject({ code: 'BAD_CURSOR' });
  });

  it('[CONN-11] a session whose client takes nothing ends within its bound, and sessions are limited in number', async () => {
    const small = await startNode({ settings: { outboundBytesMax: 5_000 }, gateway: { pollSessionsMax: 2 } });
    const [ada, bob] = await small.build.people(2);
    if (ada === undefined || bob === undefined) throw new Error('No people.');
    const poller = await Poller.open(small, bob);
    const commands = Array.from({ length: 100 }, (_, id): Command => ({ type: 'ping', id }));
    await small.gateway.poll.send(bob, poller.cursor, commands);
    await expect(poller.poll()).rejects.toThrow('BAD_CURSOR');
    expect(small.gateway.stats()).toMatchObject({ slowCloses: 1, pollSessions: 0 });
    await Poller.open(small, ada);
    await Poller.open(small, bob);
    expect(await small.gateway.poll.open(bob, never)).toMatchObject({ kind: 'refused', code: 'RATE_LIMITED' });
    await small.close();
  });
});
