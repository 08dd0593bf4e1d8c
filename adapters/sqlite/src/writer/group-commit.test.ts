import { describe, expect } from 'vitest';
import { test } from '../../test/temporary-store.ts';
import { SqlConnection } from '../sql-connection.ts';
import { storeFilesIn } from '../store-files.ts';

describe('group commit', () => {
  test('[S2] requests that wait share a commit', async ({ openStore }) => {
    const { opened, build } = await openStore();
    const alice = await build.person();
    const group = await build.group(alice);
    const before = opened.counters().commits;
    const appends = Array.from({ length: 500 }, (_, number) => build.newMessage(alice, group, `message ${number}`));
    await Promise.all(appends.map((append) => opened.stores.messageLog.append([append])));
    expect(opened.counters().commits - before).toBeLessThanOrEqual(5);
  });

  test('[S2] a request that throws fails alone; the others of its batch are stored', async ({ openStore }) => {
    const { opened, build } = await openStore();
    const alice = await build.person();
    const group = await build.group(alice);
    const { accountStore, messageLog } = opened.stores;
    // The id of an account is given by the caller: twice the same is a broken promise of the caller, not a refusal.
    const twin = { ...build.account(), userId: alice.userId };
    const [before, guilty, after] = await Promise.allSettled([
      messageLog.append([build.newMessage(alice, group, 'before')]),
      accountStore.create(twin, 'always'),
      messageLog.append([build.newMessage(alice, group, 'after')]),
    ]);
    expect(before).toMatchObject({ value: [{ kind: 'appended', entry: { seq: 2 } }] });
    expect(guilty).toMatchObject({
      status: 'rejected',
      reason: { name: 'StoreError', applied: 'no', retryable: false },
    });
    expect(after).toMatchObject({ value: [{ kind: 'appended', entry: { seq: 3 } }] });
    expect((await opened.audit()).findings).toEqual([]);
  });

  test('[S2] what a failed request had told the user logs is told to nobody', async ({ openStore }) => {
    const { opened, build } = await openStore();
    const alice = await build.person();
    const { accountStore, deviceStore, userLog } = opened.stores;
    const told: number[] = [];
    userLog.onAppended((entries) => told.push(...entries.map(({ seq }) => seq)));
    const device = { deviceId: alice.deviceId, userId: alice.userId, name: 'Twin', createdAt: 1, lastActiveAt: 1 };
    const [twin] = await Promise.allSettled([
      deviceStore.create(device, { digest: build.random.hex(64), expiresAt: 9 }, 5),
      accountStore.update(alice.userId, { status: 'here' }),
    ]);
    expect(twin.status).toBe('rejected');
    expect(told).toEqual([await userLog.head(alice.userId)]);
  });

  test('[S7] a writer that another one has replaced writes nothing more', async ({ openStore }) => {
    const { opened, build, directory } = await openStore();
    const alice = await build.person();
    const group = await build.group(alice);
    const other = new SqlConnection(storeFilesIn(directory).database, 'write');
    other.run('UPDATE meta SET writer_epoch = writer_epoch + 1');
    other.close();
    const append = opened.stores.messageLog.append([build.newMessage(alice, group, 'too late')]);
    await expect(append).rejects.toMatchObject({ applied: 'no', message: expect.stringContaining('taken over') });
    expect((await opened.stores.messageLog.heads([group])).get(group)?.seq).toBe(1);
  });
});
