import type { Stores } from '@parley/core';
import type { GroupId } from '@parley/protocol';
import { expect } from 'vitest';
import type { Builders, Person } from '../../builders.ts';
import { readWholeHistory, readWholeLog, readWholeUserLog } from '../read-everything.ts';
import type { StoreTest } from '../store-test.ts';

const SECRET = 'the launch code is 0000';
const EDITED_SECRET = 'the launch code was 1234';

async function deletedMessage(build: Builders) {
  const [alice, bob] = [await build.person(), await build.person()];
  const group = await build.group(alice, [bob]);
  const send = build.newMessage(alice, group, SECRET);
  const edit = build.edit(alice, group, 3, EDITED_SECRET);
  const [sent, edited] = [await build.appended(send), await build.appended(edit)];
  await build.appended(build.reaction(bob, group, sent.seq, '👍'));
  const deletion = await build.appended(build.deletion(alice, group, sent.seq));
  return { alice, bob, group, send, edit, sent, edited, deletion };
}

/** Everything that the stores say of a conversation to one member. */
async function everythingOf(stores: Stores, group: GroupId, viewer: Person): Promise<string> {
  const query = { conversationId: group, viewer: viewer.userId, visibleFromSeq: 1, limit: 10 };
  const { messageLog, conversationStore, userLog } = stores;
  const log = await readWholeLog(messageLog, group);
  return JSON.stringify([
    log,
    await readWholeHistory(messageLog, query, 'older'),
    await readWholeHistory(messageLog, query, 'newer'),
    await Promise.all(
      Array.from({ length: 10 }, async (_, seq) => (await messageLog.message(group, seq, viewer.userId)) ?? null),
    ),
    await conversationStore.view(group, viewer.userId),
    await conversationStore.list(viewer.userId, { after: null, limit: 10, archived: undefined }),
    await readWholeUserLog(userLog, viewer.userId),
  ]);
}

/** Deletion for everyone: a tombstone wins for ever and nothing keeps what was said. */
export function erasureCases(test: StoreTest): void {
  test('[DEL-1] after the deletion no answer of the store holds the content or an edit of it', async ({
    stores,
    build,
  }) => {
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const { seq } = await build.send(alice, group, SECRET);
    const before = await everythingOf(stores, group, bob);
    expect(before).toContain(SECRET);
    await build.appended(build.edit(alice, group, seq, EDITED_SECRET));
    expect(await everythingOf(stores, group, bob)).toContain(EDITED_SECRET);

    await build.appended(build.deletion(alice, group, seq));
    for (const viewer of [alice, bob]) {
      const after = await everythingOf(stores, group, viewer);
      expect(after).not.toContain(SECRET);
      expect(after).not.toContain(EDITED_SECRET);
    }
  });

  test('[DEL-1] a tombstone has no content and no reactions; its state is that of the deletion', async ({
    stores,
    build,
  }) => {
    const { bob, group, sent, deletion } = await deletedMessage(build);
    expect(await stores.messageLog.message(group, sent.seq, bob.userId)).toMatchObject({
      seq: sent.seq,
      sender_id: sent.sender_id,
      content: null,
      reactions: [],
      state_seq: deletion.seq,
    });
  });

  test('[SYNC-10] the raw log leaves out the message and its edits, and keeps the deletion that tells why', async ({
    stores,
    build,
  }) => {
    const { group, sent, edited, deletion } = await deletedMessage(build);
    const entries = await readWholeLog(stores.messageLog, group, 2);
    expect(entries.map(({ seq }) => seq)).not.toContain(sent.seq);
    expect(entries.map(({ seq }) => seq)).not.toContain(edited.seq);
    expect(entries.at(-1)).toEqual(deletion);
    const range = await stores.messageLog.readAfter(group, sent.seq - 1, 10);
    expect(range).toMatchObject({ coveredUpTo: deletion.seq, headSeq: deletion.seq });
  });

  test('[DEL-1] a deleted message still counts: numbers and counts never change', async ({ stores, build }) => {
    const { alice, group, deletion } = await deletedMessage(build);
    expect(deletion.count).toBe(1);
    expect((await stores.messageLog.heads([group])).get(group)).toMatchObject({ count: 1 });
    expect(await build.send(alice, group, 'next')).toMatchObject({ seq: deletion.seq + 1, count: 2 });
  });

  test('[S13] a tombstone wins for ever: no edit, reaction, reply or second deletion', async ({ stores, build }) => {
    const { alice, group, sent, deletion } = await deletedMessage(build);
    for (const append of [
      build.edit(alice, group, sent.seq, 'revived'),
      build.reaction(alice, group, sent.seq, '🎉'),
      build.reaction(alice, group, sent.seq, '👍', 'removed'),
      build.deletion(alice, group, sent.seq),
      build.newMessage(alice, group, { text: 'reply', reply_to: sent.seq }),
    ]) {
      expect(await build.append(append)).toEqual({ kind: 'target_deleted' });
    }
    expect((await stores.messageLog.heads([group])).get(group)?.seq).toBe(deletion.seq);
  });

  test('[S13] repeating the key of a deleted message or edit stores nothing and shows nothing', async ({
    stores,
    build,
  }) => {
    const { group, send, edit, sent, edited, deletion } = await deletedMessage(build);
    for (const [append, entry] of [
      [send, sent],
      [edit, edited],
    ] as const) {
      const outcome = await build.append(append);
      expect(outcome).toMatchObject({ kind: 'duplicate', entry: { seq: entry.seq, created_at: entry.created_at } });
      expect(JSON.stringify(outcome)).not.toContain('launch code');
    }
    expect((await stores.messageLog.heads([group])).get(group)?.seq).toBe(deletion.seq);
  });

  test('[DEL-1] [SEND-3] nothing is kept from which the content could be guessed: any repeat of the key gets the first answer', async ({
    stores,
    build,
  }) => {
    const { group, send, edit, sent, edited, deletion } = await deletedMessage(build);
    for (const [append, seq] of [
      [send, sent.seq],
      [edit, edited.seq],
    ] as const) {
      const other = { ...append, fingerprint: build.random.hex(64) };
      expect(await build.append(other)).toMatchObject({ kind: 'duplicate', entry: { seq } });
    }
    expect((await stores.messageLog.heads([group])).get(group)?.seq).toBe(deletion.seq);
  });

  test('[S13] an edit that races with the deletion never revives the message', async ({ stores, build }) => {
    const alice = await build.person();
    const group = await build.group(alice);
    for (let round = 0; round < 5; round += 1) {
      const { seq } = await build.send(alice, group, SECRET);
      await Promise.all([
        stores.messageLog.append([build.edit(alice, group, seq, EDITED_SECRET)]),
        stores.messageLog.append([build.deletion(alice, group, seq)]),
        stores.messageLog.append([build.edit(alice, group, seq, EDITED_SECRET)]),
      ]);
      expect((await stores.messageLog.message(group, seq, alice.userId))?.content).toBeNull();
    }
    expect(await everythingOf(stores, group, alice)).not.toContain('launch code');
  });
}
