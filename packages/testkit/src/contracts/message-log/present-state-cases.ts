import type { Stores } from '@parley/core';
import { LIMITS, type NewMessage, type ReactionCount } from '@parley/protocol';
import { expect } from 'vitest';
import type { Builders, Person } from '../../builders.ts';
import type { StoreTest } from '../store-test.ts';

async function aliceBobAndMessage(build: Builders) {
  const [alice, bob] = [await build.person(), await build.person()];
  const group = await build.group(alice, [bob]);
  return { alice, bob, group, sent: await build.send(alice, group, 'original') };
}

/** Reactions in an order of their own: the port promises none. */
async function reactionsOf(stores: Stores, sent: NewMessage, viewer: Person): Promise<ReactionCount[]> {
  const message = await stores.messageLog.message(sent.conversation_id, sent.seq, viewer.userId);
  return [...(message?.reactions ?? [])].sort((one, other) => (one.emoji < other.emoji ? -1 : 1));
}

/** Edits and reactions folded into the message. */
export function presentStateCases(test: StoreTest): void {
  test('[HIST-1] a message that nobody touched is its entry', async ({ stores, build }) => {
    const { bob, group, sent } = await aliceBobAndMessage(build);
    const { type: _, ...header } = sent;
    expect(await stores.messageLog.message(group, sent.seq, bob.userId)).toEqual({
      ...header,
      edited_at: null,
      reactions: [],
      state_seq: sent.seq,
    });
  });

  test('[HIST-1] what is no message is not found', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    const reaction = await build.appended(build.reaction(bob, group, sent.seq, '👍'));
    for (const seq of [0, 1, reaction.seq, 1_000]) {
      expect(await stores.messageLog.message(group, seq, alice.userId)).toBeUndefined();
    }
  });

  test('[EDIT-1] the last edit is the content, edited_at its time, state_seq its place', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    await build.appended(build.edit(alice, group, sent.seq, 'second version'));
    const last = await build.appended(build.edit(alice, group, sent.seq, 'third version'));
    expect(await stores.messageLog.message(group, sent.seq, bob.userId)).toMatchObject({
      content: { text: 'third version' },
      created_at: sent.created_at,
      edited_at: last.created_at,
      state_seq: last.seq,
    });
  });

  test('[EDIT-1] an edit is no message: the count stays', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    const edit = await build.appended(build.edit(alice, group, sent.seq, 'edited'));
    expect(edit.count).toBe(sent.count);
    expect(await stores.messageLog.message(group, edit.seq, bob.userId)).toBeUndefined();
  });

  test('[REACT-1] reactions count people by emoji and know the viewer', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    await build.appended(build.reaction(alice, group, sent.seq, '👍'));
    await build.appended(build.reaction(bob, group, sent.seq, '👍'));
    const last = await build.appended(build.reaction(bob, group, sent.seq, '🎉'));
    expect(await reactionsOf(stores, sent, alice)).toEqual([
      { emoji: '🎉', count: 1, me: false },
      { emoji: '👍', count: 2, me: true },
    ]);
    expect(await reactionsOf(stores, sent, bob)).toEqual([
      { emoji: '🎉', count: 1, me: true },
      { emoji: '👍', count: 2, me: true },
    ]);
    expect((await stores.messageLog.message(group, sent.seq, bob.userId))?.state_seq).toBe(last.seq);
  });

  test('[REACT-1] the last reaction of an emoji that is removed takes the emoji away', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    await build.appended(build.reaction(alice, group, sent.seq, '👍'));
    await build.appended(build.reaction(bob, group, sent.seq, '👍'));
    await build.appended(build.reaction(alice, group, sent.seq, '👍', 'removed'));
    expect(await reactionsOf(stores, sent, alice)).toEqual([{ emoji: '👍', count: 1, me: false }]);
    await build.appended(build.reaction(bob, group, sent.seq, '👍', 'removed'));
    expect(await reactionsOf(stores, sent, alice)).toEqual([]);
  });

  test('[REACT-1] adding twice and removing what is not there write nothing and keep no key', async ({
    stores,
    build,
  }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    const first = await build.appended(build.reaction(bob, group, sent.seq, '👍'));
    const again = build.reaction(bob, group, sent.seq, '👍');
    expect(await build.append(again)).toEqual({ kind: 'unchanged' });
    expect(await build.append(build.reaction(alice, group, sent.seq, '👍', 'removed'))).toEqual({ kind: 'unchanged' });
    expect(await reactionsOf(stores, sent, bob)).toEqual([{ emoji: '👍', count: 1, me: true }]);
    expect((await stores.messageLog.message(group, sent.seq, bob.userId))?.state_seq).toBe(first.seq);
    await build.appended(build.reaction(bob, group, sent.seq, '👍', 'removed'));
    expect(await build.append(again)).toMatchObject({ kind: 'appended' });
  });

  test('[REACT-1] one emoji above the limit is refused; those that are there stay open to all', async ({
    stores,
    build,
  }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    const emojis = Array.from({ length: LIMITS.reactionsPerMessageMax }, (_, index) =>
      String.fromCodePoint(0x1f400 + index),
    );
    await stores.messageLog.append(emojis.map((emoji) => build.reaction(alice, group, sent.seq, emoji)));
    expect(await build.append(build.reaction(bob, group, sent.seq, '🧨'))).toEqual({ kind: 'too_many_reactions' });
    const [first = ''] = emojis;
    await build.appended(build.reaction(bob, group, sent.seq, first));
    expect(await reactionsOf(stores, sent, bob)).toHaveLength(LIMITS.reactionsPerMessageMax);
    await build.appended(build.reaction(alice, group, sent.seq, emojis.at(-1) ?? '', 'removed'));
    expect((await build.append(build.reaction(bob, group, sent.seq, '🧨'))).kind).toBe('appended');
  });

  test('[REACT-2] two messages are folded each by itself', async ({ stores, build }) => {
    const { alice, bob, group, sent } = await aliceBobAndMessage(build);
    const other = await build.send(bob, group, 'another');
    await build.appended(build.edit(bob, group, other.seq, 'changed'));
    expect(await stores.messageLog.message(group, sent.seq, alice.userId)).toMatchObject({
      content: { text: 'original' },
      edited_at: null,
      state_seq: sent.seq,
    });
  });
}
