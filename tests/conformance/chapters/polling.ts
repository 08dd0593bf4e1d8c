import { expect, test } from 'vitest';
import type { Person } from '../kit/person.ts';
import { textCommand } from '../kit/person.ts';
import { serverUnderTest } from '../kit/server-under-test.ts';
import type { Frame } from '../kit/socket.ts';

const server = await serverUnderTest();

/** Opens a session and synchronises it; frames so far and the cursor after them. */
async function session(who: Person) {
  const opened = await who.done('POST', '/events');
  const state = { cursor: opened.cursor, frames: [...opened.frames] };
  const send = (...frames: readonly object[]) =>
    who.refusal('POST', `/events/commands?cursor=${state.cursor}`, { frames });
  const poll = async () => {
    const answer = await who.done('GET', `/events?cursor=${state.cursor}`);
    state.cursor = answer.cursor;
    state.frames.push(...answer.frames);
    return answer;
  };
  const until = async (matches: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const found = state.frames.find(matches);
      if (found !== undefined) return found;
      await poll();
    }
  };
  return { state, send, poll, until };
}

test('[POLL-1] [POLL-4] a session behaves like a connection: hello, commands in order, replies, live entries', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const { state, send, until } = await session(ada);
  expect(state.frames[0]).toMatchObject({ type: 'hello' });
  const sync = { ...(await ada.syncFromSnapshot()), id: 1 };
  expect(
    await send(sync, { ...textCommand(conversation, 'One'), id: 2 }, { ...textCommand(conversation, 'Two'), id: 3 }),
  ).toBe('done');
  await until(({ re }) => re === 1);
  const [one, two] = [await until(({ re }) => re === 2), await until(({ re }) => re === 3)];
  expect(two.seq).toBe((one.seq ?? 0) + 1);
  const seq = await bob.say(conversation, 'Hello');
  expect(await until((frame) => frame.type === 'new_message' && frame.seq === seq)).toMatchObject({
    content: { text: 'Hello' },
  });
});

test('[POLL-2] asking again with the same cursor gives the same frames again, until a later one acknowledges them', async () => {
  const ada = await server.person('Ada');
  const { state, send, poll } = await session(ada);
  const before = state.cursor;
  await send({ type: 'ping', id: 1 });
  const first = await poll();
  const again = await ada.done('GET', `/events?cursor=${before}`);
  expect(again.frames.slice(0, first.frames.length)).toEqual(first.frames);
  await send({ type: 'ping', id: 2 });
  await poll();
  expect(await ada.refusal('GET', `/events?cursor=${before}`)).toBe('BAD_CURSOR');
});

test('[POLL-2] a poll waits until something happens', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const conversation = await ada.group([bob]);
  const { send, until, poll } = await session(ada);
  await send({ ...(await ada.syncFromSnapshot()), id: 1 });
  await until(({ re }) => re === 1);
  const waiting = poll();
  const seq = await bob.say(conversation, 'Wake up');
  expect((await waiting).frames).toMatchObject([{ type: 'new_message', seq }]);
});

test('[POLL-3] a session that is over, or is not one’s own, is BAD_CURSOR', async () => {
  const [ada, bob] = await server.people('Ada', 'Bob');
  const { state, send } = await session(ada);
  for (const stranger of [bob, await ada.logIn()]) {
    expect(await stranger.refusal('GET', `/events?cursor=${state.cursor}`)).toBe('BAD_CURSOR');
    expect(await stranger.refusal('DELETE', `/events?cursor=${state.cursor}`)).toBe('BAD_CURSOR');
  }
  await ada.done('DELETE', `/events?cursor=${state.cursor}`);
  expect(await ada.refusal('GET', `/events?cursor=${state.cursor}`)).toBe('BAD_CURSOR');
  expect(await send({ type: 'ping', id: 1 })).toBe('BAD_CURSOR');
});
