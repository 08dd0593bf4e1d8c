import { describe, expect } from 'vitest';
import { test } from '../../test/temporary-store.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';

/** Damage, and a word of the claim that must name it. */
const DAMAGE: readonly (readonly [sql: string, claim: RegExp])[] = [
  ['DELETE FROM log WHERE seq = 3', /without gap/],
  ['UPDATE log_place SET entry = entry + 1 WHERE seq = 3', /belongs elsewhere/],
  ['DELETE FROM log_place WHERE seq = 3', /more settled entries than places/],
  ['UPDATE meta SET settled_entry = 0; UPDATE head SET seq = seq - 1', /does not follow the head/],
  ['UPDATE meta SET settled_entry = 0; DELETE FROM log_place WHERE seq = 3', /does not follow the head/],
  ['UPDATE log SET count = count + 1 WHERE seq = 4', /number of messages up to it/],
  ['UPDATE head SET count = count + 1', /head does not carry/],
  ['UPDATE head SET message_seq = 1', /head does not carry/],
  ['DELETE FROM head', /head is missing/],
  ['UPDATE conversation SET member_count = 7', /number of members/],
  ['UPDATE membership SET read_up_to = 99', /outside its bounds/],
  ['UPDATE membership SET read_count = read_count + 1', /unread count/],
  ['DELETE FROM account', /no account/],
  ['UPDATE log SET client_msg_id = NULL WHERE seq = 5', /idempotency key/],
  ['UPDATE amendment SET edit_seq = 2 WHERE edit_seq IS NOT NULL', /edit of another/],
  ["UPDATE log SET body = 'revived' WHERE seq = 4", /still has content/],
  ["INSERT INTO reaction VALUES (1, 4, '👍', 1, 9)", /on a deleted one/],
  ['UPDATE account SET deleted_at = 1', /deleted user still has/],
  ['UPDATE device SET mailbox_head = 9', /gap before its head/],
  ["UPDATE user_log SET data = json_set(data, '$.readUpTo', 99) WHERE type = 3", /tells of cursors/],
];

describe('audit', () => {
  test('a sound store has no findings, and progress tells how far it is', async ({ openStore }) => {
    const { opened, build } = await openStore();
    const people = await build.people(3);
    const [alice] = people;
    if (alice === undefined) throw new Error('There are three people.');
    for (let made = 0; made < 120; made += 1) await build.group(alice, people.slice(1));
    const progress: number[] = [];
    const report = await opened.audit({ onProgress: ({ conversations }) => progress.push(conversations) });
    expect(report).toEqual({ conversations: 120, users: 3, findings: [] });
    expect(progress).toEqual([100, 120, 120]);
  });

  test('an audit ends when it is told to', async ({ openStore }) => {
    const { opened } = await openStore();
    await expect(opened.audit({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('[ACCT-1] a store is sound while the messages of a deleted account are being erased, and after', async ({
    openStore,
  }) => {
    const { opened, build } = await openStore();
    const [alice, zach] = [await build.person(), await build.person()];
    const group = await build.group(alice, [zach]);
    const sent = await build.send(zach, group, 'a secret');
    for (let more = 0; more < 10; more += 1) await build.send(zach, group, 'another');
    await build.appended(build.reaction(alice, group, sent.seq, '👍'));
    await build.appended(build.edit(zach, group, sent.seq, 'a better secret'));
    await build.leave(zach, group);
    const { accountStore } = opened.stores;
    await accountStore.erase(zach.userId, build.nextMoment());
    for (let kind = 'more'; kind === 'more'; ) {
      expect((await opened.audit()).findings).toEqual([]);
      kind = (await accountStore.eraseNext(build.nextMoment(), 5)).kind;
    }
  });

  for (const [sql, claim] of DAMAGE) {
    test(`an audit finds the damage of ${sql}`, async ({ openStore }) => {
      const { opened, build, directory } = await openStore();
      const [alice, bob] = [await build.person(), await build.person()];
      const group = await build.group(alice, [bob]);
      const edited = await build.send(alice, group, 'edited');
      const deleted = await build.send(alice, group, 'deleted');
      await build.appended(build.edit(alice, group, edited.seq, 'edited again'));
      await build.appended(build.deletion(alice, group, deleted.seq));
      await build.appended(build.reaction(bob, group, edited.seq, '👍'));
      const whose = { conversationId: group, userId: alice.userId, sharesReading: true };
      await opened.stores.membershipStore.moveCursors([{ ...whose, deliveredUpTo: 7, readUpTo: 7 }]);
      const items = [{ userId: bob.userId, deviceId: bob.deviceId, payload: 'AAAA' }];
      const sender = { senderId: alice.userId, senderDeviceId: alice.deviceId, clientMsgId: build.random.uuid() };
      await opened.stores.mailbox.put({ ...sender, createdAt: 1, items, itemsMax: 10 });
      expect((await opened.audit()).findings).toEqual([]);

      const hand = new SqlConnection(storeFilesIn(directory).database, 'write');
      hand.database.exec(sql);
      hand.close();
      const claims = (await opened.audit()).findings.map((finding) => finding.claim).join('\n');
      expect(claims).toMatch(claim);
    });
  }
});
