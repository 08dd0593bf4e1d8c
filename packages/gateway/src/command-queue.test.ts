import { type Command, makeGroupId, type ServerFrame } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CommandQueue } from './command-queue.ts';

const message = (id: number): Command => ({
  type: 'send_message',
  id,
  conversation_id: makeGroupId(1n),
  client_msg_id: crypto.randomUUID(),
  content: { text: `message ${id}` },
});
const fetch = (id: number): Command => ({
  type: 'fetch_entries',
  id,
  conversation_id: makeGroupId(1n),
  after_seq: 0,
  limit: 1,
});
const done = (re: number): ServerFrame => ({ type: 'done', re });
const refusal = (re: number): ServerFrame => ({ type: 'error', re, code: 'KEY_REUSED', detail: 'No.' });

/** Somebody whose commands are answered when the test says so, on a line whose room the test decides. */
function setUp() {
  const begun: number[] = [];
  const sent: ServerFrame[] = [];
  const answers = new Map<number, (frame: ServerFrame) => void>();
  const refusedAtOnce = new Set<number>();
  const line = { hasRoom: true, isPaused: false, closed: false };
  let onRoom: (() => void)[] = [];
  const queue = new CommandQueue({
    transport: {
      get hasRoom() {
        return line.hasRoom || line.closed;
      },
      room: () =>
        new Promise((resolve) => {
          onRoom.push(resolve);
        }),
      pauseReading: () => {
        line.isPaused = true;
      },
      resumeReading: () => {
        line.isPaused = false;
      },
    },
    get closed() {
      return line.closed;
    },
    replyTo: (command, reply) => {
      const id = 'id' in command ? command.id : 0;
      begun.push(id);
      if (refusedAtOnce.has(id)) reply(refusal(id));
      else answers.set(id, reply);
    },
    send: (frame) => sent.push(frame),
  });
  return {
    queue,
    begun,
    sent,
    line,
    refusedAtOnce,
    /** One input with these commands. */
    give(...commands: readonly Command[]): void {
      for (const command of commands) {
        queue.take(command);
        queue.holdBack();
      }
    },
    /** All promises that can settle without anybody's doing have settled: each takes a few turns of the microtask queue, and immediates run after those. */
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    async answer(...frames: readonly ServerFrame[]): Promise<void> {
      for (const frame of frames) if ('re' in frame) answers.get(frame.re ?? 0)?.(frame);
      await this.settle();
    },
    async setRoom(hasRoom: boolean): Promise<void> {
      line.hasRoom = hasRoom;
      const waiting = onRoom;
      if (hasRoom) onRoom = [];
      if (hasRoom) for (const resolve of waiting) resolve();
      await this.settle();
    },
  };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('CommandQueue', () => {
  it('[SEND-10] begins messages in their order without waiting for the ones before', () => {
    const { give, begun } = setUp();
    give(message(1), message(2), message(3));
    expect(begun).toEqual([1, 2, 3]);
  });

  it('[FRAME-7] replies keep the order of the messages, whichever is answered first', async () => {
    const client = setUp();
    client.give(message(1), message(2), message(3));
    await client.answer(done(3), done(2));
    expect(client.sent).toEqual([]);
    await client.answer(done(1));
    expect(client.sent).toEqual([done(1), done(2), done(3)]);
  });

  it('[FRAME-7] a reply that is known at once waits for those before it', async () => {
    const client = setUp();
    client.refusedAtOnce.add(2);
    client.give(message(1), message(2), message(3));
    expect(client.sent).toEqual([]);
    await client.answer(done(1), done(3));
    expect(client.sent).toEqual([done(1), refusal(2), done(3)]);
  });

  it('[SEND-4] a refusal in the middle takes its place among the replies; what follows is neither held up nor moved', async () => {
    const client = setUp();
    client.give(message(1), message(2), message(3), message(4));
    await client.answer(refusal(2), done(4), done(1));
    expect(client.sent).toEqual([done(1), refusal(2)]);
    await client.answer(done(3));
    expect(client.sent).toEqual([done(1), refusal(2), done(3), done(4)]);
    client.give(message(5));
    expect(client.begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('[FRAME-7] any other command waits for the messages before it, and those after wait for it', async () => {
    const client = setUp();
    client.give(message(1), fetch(2), message(3));
    expect(client.begun).toEqual([1]);
    await client.answer(done(1));
    expect(client.begun).toEqual([1, 2]);
    await client.answer(done(2));
    expect(client.begun).toEqual([1, 2, 3]);
    await client.answer(done(3));
    expect(client.sent).toEqual([done(1), done(2), done(3)]);
  });

  it('[FRAME-7] a forward is no message that may be begun early: it reads before it writes', async () => {
    const client = setUp();
    const forward: Command = {
      type: 'send_message',
      id: 2,
      conversation_id: makeGroupId(1n),
      client_msg_id: crypto.randomUUID(),
      forward: { conversation_id: makeGroupId(2n), seq: 1 },
    };
    client.give(message(1), forward, message(3));
    expect(client.begun).toEqual([1]);
    await client.answer(done(1));
    expect(client.begun).toEqual([1, 2]);
  });

  it('[CONN-11] reads no more while 32 commands wait, and goes on when few do', async () => {
    const client = setUp();
    client.give(...numbers(1, 31).map(message));
    expect([client.line.isPaused, client.queue.busy]).toEqual([false, false]);
    client.give(message(32));
    expect([client.line.isPaused, client.queue.busy]).toEqual([true, true]);
    // What had arrived before the transport stopped.
    client.give(message(33), message(34));
    expect(client.begun).toEqual(numbers(1, 32));
    await client.answer(...numbers(1, 32).map(done));
    expect(client.begun).toEqual(numbers(1, 34));
    expect(client.line.isPaused).toBe(false);
    await client.answer(done(33), done(34));
    expect(client.sent).toEqual(numbers(1, 34).map(done));
    expect(client.queue.busy).toBe(false);
  });

  it('[CONN-11] begins nothing while the client does not take what waits for it', async () => {
    const client = setUp();
    await client.setRoom(false);
    client.give(message(1), message(2));
    await client.settle();
    expect([client.begun, client.line.isPaused]).toEqual([[], true]);
    await client.setRoom(true);
    expect([client.begun, client.line.isPaused]).toEqual([[1, 2], false]);
  });

  it('[CONN-8] a drain ends when every command that was taken is answered, those that had not begun too', async () => {
    const client = setUp();
    client.give(message(1), fetch(2), message(3));
    let isFinished = false;
    void client.queue.finish().then(() => {
      isFinished = true;
    });
    expect(client.queue.stopping).toBe(true);
    await client.answer(done(1));
    await client.answer(done(2));
    expect([client.begun, isFinished]).toEqual([[1, 2, 3], false]);
    await client.answer(done(3));
    expect([client.sent, isFinished]).toEqual([[done(1), done(2), done(3)], true]);
  });

  it('[CONN-8] a drain without commands ends at once', async () => {
    const { queue } = setUp();
    await queue.finish();
    expect(queue.stopping).toBe(true);
  });

  it('[CONN-8] a connection that is lost in a drain is waited for until its messages are stored; what had not begun is not done', async () => {
    const client = setUp();
    client.give(message(1), fetch(2));
    const finished = client.queue.finish();
    client.line.closed = true;
    client.queue.forget();
    await client.answer(done(1));
    await finished;
    expect(client.begun).toEqual([1]);
  });
});
