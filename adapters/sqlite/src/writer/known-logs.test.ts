import { makeGroupId, makeUserId } from '@parley/protocol';
import { describe, expect } from 'vitest';
import { test } from '../../test/temporary-store.ts';
import { GENERATION_MAX, type KnownLog, KnownLogs } from './known-logs.ts';

const logNumbered = (number: number): KnownLog => ({
  conversationId: makeGroupId(BigInt(number)),
  conversation: BigInt(number),
  headSeq: 1,
  messageCount: 0,
  authors: new Map(),
});

describe('known logs', () => {
  test('what is asked for stays known however many others come, what nobody asks for goes', () => {
    const known = new KnownLogs();
    const [asked, idle] = [logNumbered(1), logNumbered(2)];
    known.add(asked);
    known.add(idle);
    for (let number = 3; number <= 2 * GENERATION_MAX + 2; number += 1) {
      known.add(logNumbered(number));
      expect(known.get(asked.conversationId)).toBe(asked);
    }
    expect(known.get(idle.conversationId)).toBeUndefined();
  });

  test('a log with entries that are not settled stays known however long nobody asks', () => {
    const known = new KnownLogs();
    const [idle, busy] = [logNumbered(1), logNumbered(2)];
    known.add(idle);
    known.keep(idle);
    known.add(busy);
    for (let number = 3; number <= 3 * GENERATION_MAX; number += 1) known.add(logNumbered(number));
    expect(known.get(busy.conversationId)).toBeUndefined();
    expect(known.get(idle.conversationId)).toBe(idle);
  });

  test('authors take their part of the room', () => {
    const known = new KnownLogs();
    const [idle, busy] = [logNumbered(1), logNumbered(2)];
    known.add(idle);
    known.add(busy);
    const author = { user_id: 1n, roleBit: 2, visible_from_seq: 1n, lastSeq: 0, lastCount: 0 };
    for (let number = 0; number <= 2 * GENERATION_MAX; number += 1) {
      known.addAuthor(busy, makeUserId(BigInt(number % 100)), author);
      known.get(busy.conversationId);
    }
    expect(known.get(idle.conversationId)).toBeUndefined();
    expect(known.get(busy.conversationId)).toBe(busy);
  });

  test('[S1] entries that tell of members and messages take turns in one log without a gap, and a removed author is refused at once', async ({
    openStore,
  }) => {
    const { opened, build } = await openStore();
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const say = (text: string, by = alice) => build.append(build.newMessage(by, group, text));
    const outcomes = await Promise.all([
      say('1', bob),
      build.add(alice, group, [carol]),
      say('2', carol),
      build.changeRole(alice, group, bob, 'admin'),
      say('3', bob),
      build.remove(alice, group, bob),
      say('4', bob),
      say('5'),
    ]);
    const seqs = outcomes.map((outcome) => ('entry' in outcome ? outcome.entry.seq : outcome.kind));
    expect(seqs).toEqual([3, 4, 5, 6, 7, 8, 'not_a_member', 9]);
    expect((await opened.audit()).findings).toEqual([]);
  });
});
