import { describe, expect } from 'vitest';
import { test } from '../../test/temporary-store.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';

describe('places of entries', () => {
  test('[S1] a log is read whole and in order wherever the places of its entries stand, also after the store was opened anew', async ({
    openStore,
  }) => {
    const first = await openStore();
    const { directory, build } = first;
    const [alice, bob] = [await build.person(), await build.person()];
    const group = await build.group(alice, [bob]);
    const texts = Array.from({ length: 40 }, (_, number) => `${number}`);
    for (const text of texts.slice(0, 20)) await build.send(alice, group, text);
    await first.opened.close();

    const hand = new SqlConnection(storeFilesIn(directory).database, 'read');
    expect(hand.one('SELECT count(*) AS places, max(seq) AS last FROM log_place')).toEqual({ places: 15n, last: 15n });
    expect(hand.all('SELECT seq FROM recent_place')).toEqual(
      [16n, 17n, 18n, 19n, 20n, 21n, 22n].map((seq) => ({ seq })),
    );
    hand.close();

    const { opened } = await openStore({ directory });
    const { messageLog } = opened.stores;
    for (const text of texts.slice(20)) await messageLog.append([build.newMessage(alice, group, text)]);
    const { entries, headSeq } = await messageLog.readAfter(group, 0, 100);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 42 }, (_, before) => before + 1));
    expect(headSeq).toBe(42);
    expect(entries.flatMap((entry) => (entry.type === 'new_message' ? [entry.content.text] : []))).toEqual(texts);
    for (const beforeSeq of [43, 42, 35, 20]) {
      const page = { conversationId: group, viewer: bob.userId, visibleFromSeq: 1, from: { beforeSeq }, limit: 5 };
      const { messages } = await messageLog.history(page);
      expect(messages.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1].map((back) => beforeSeq - back));
    }
    expect((await opened.audit()).findings).toEqual([]);
  });
});
