import type { GroupId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { ADDRESS, CoreUnderTest, codeOf, doneValue, PASSWORD } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { viewConversation } from '../conversations/view-conversation.ts';
import type { Core } from '../core.ts';
import { changeRole } from '../memberships/change-role.ts';
import { listMessages } from '../messages/list-messages.ts';
import type { AccountStore } from '../ports/account-store.ts';
import { deleteMe } from './delete-me.ts';
import { exportMe } from './export-me.ts';
import { finishErasing } from './finish-erasing.ts';
import { getUser } from './get-user.ts';
import { login } from './login.ts';

const body = { password: PASSWORD };

async function world() {
  const under = new CoreUnderTest();
  const [, ada, bob, eve] = (await under.people(4)) as [Actor, Actor, Actor, Actor];
  return { under, core: under.core, ada, bob, eve };
}

describe('deleting the account', () => {
  it('[ACCT-1] leaves all conversations, erases the account, and what it wrote is gone for all', async () => {
    const { under, core, ada, bob } = await world();
    const direct = await under.direct(ada, bob);
    const group = await under.group(bob, [ada]);
    const alone = await under.group(ada);
    const seq = await under.say(ada, direct, 'Remember me');
    await doneValue(deleteMe(core, ada, { body }));
    expect(await core.membershipStore.conversationsOf(ada.userId)).toEqual([]);
    expect(await core.deviceStore.list(ada.userId)).toEqual([]);
    const seen = await doneValue(getUser(core, bob, { params: { user_id: ada.userId } }));
    expect(seen).toMatchObject({ name: 'Deleted user', username: null, deleted: true });
    const params = { conversation_id: direct };
    const page = await doneValue(listMessages(core, bob, { params, query: { limit: 10 } }));
    expect(page).toMatchObject({ messages: [], tombstones: [{ seq, reason: 'deleted' }] });
    expect(under.events('entry').at(-1)?.entry).toMatchObject({
      type: 'author_erased',
      conversation_id: direct,
      sender_id: ada.userId,
    });
    const removals = under.events('entry').filter(({ entry }) => entry.type === 'member_removed');
    expect(removals.map(({ entry }) => entry.conversation_id).sort()).toEqual([direct, group, alone].sort());
    const whole = { type: 'disconnect', userId: ada.userId, deviceId: null, reason: 'ACCOUNT_DELETED' };
    expect(under.events('disconnect')).toEqual([whole]);
    const again = { identifier: 'person2', password: PASSWORD, device_name: 'Laptop' };
    expect(await codeOf(login(core, again, ADDRESS))).toBe('WRONG_CREDENTIALS');
  });

  it('[ACCT-1] of a group that it was added to in the last moment nothing stays either, also of what was on its way', async () => {
    const { under, core, ada, bob } = await world();
    let late: GroupId | undefined;
    let seq = 0;
    const accountStore = withErasing(core.accountStore, {
      erase: async (...args) => {
        late = await under.group(bob, [ada]);
        const outcome = await core.accountStore.erase(...args);
        seq = await under.say(ada, late, 'Remember me');
        return outcome;
      },
      eraseNext: (...args) => core.accountStore.eraseNext(...args),
    });
    await doneValue(deleteMe({ ...core, accountStore }, ada, { body }));
    const params = { conversation_id: late as GroupId };
    const page = await doneValue(listMessages(core, bob, { params, query: { limit: 10 } }));
    expect(page).toMatchObject({ messages: [], tombstones: [{ seq, reason: 'deleted' }] });
    expect(await core.membershipStore.conversationsOf(ada.userId)).toEqual([]);
  });

  it('[ACCT-1] a wrong password or a conversation that needs its owner leaves everything as it is', async () => {
    const { under, core, ada, bob } = await world();
    await under.group(bob, [ada]);
    const group = await under.group(ada, [bob]);
    expect(await codeOf(deleteMe(core, ada, { body: { password: 'not the password' } }))).toBe('WRONG_CREDENTIALS');
    expect(await codeOf(deleteMe(core, ada, { body }))).toBe('LAST_OWNER');
    expect(await core.membershipStore.conversationsOf(ada.userId)).toHaveLength(2);
    const params = { conversation_id: group, user_id: bob.userId };
    await doneValue(changeRole(core, ada, { params, body: { role: 'owner' } }));
    await doneValue(deleteMe(core, ada, { body }));
    expect(await doneValue(viewConversation(core, bob, group))).toMatchObject({ member_count: 1 });
  });
});

type Wrapped = Pick<AccountStore, 'erase' | 'eraseNext'>;

/** The same store with other ways to erase. */
const withErasing = (store: AccountStore, erasing: Wrapped): AccountStore => ({
  create: (...args) => store.create(...args),
  findMany: (userIds) => store.findMany(userIds),
  findByIdentifier: (identifier) => store.findByIdentifier(identifier),
  update: (...args) => store.update(...args),
  setAdmin: (...args) => store.setAdmin(...args),
  touchLastSeen: (seen) => store.touchLastSeen(seen),
  search: (...args) => store.search(...args),
  list: (...args) => store.list(...args),
  counts: () => store.counts(),
  ...erasing,
});

/** The core of a process that dies after the n-th write of accounts: that one is durable, nobody hears of it. */
function dyingAfter(core: Core, writes: number): { readonly core: Core; readonly died: Promise<void> } {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  let left = writes;
  const step = async <T>(write: Promise<T>): Promise<T> => {
    const outcome = await write;
    left -= 1;
    if (left > 0) return outcome;
    die();
    return new Promise<never>(() => {});
  };
  const accountStore = withErasing(core.accountStore, {
    erase: (...args) => step(core.accountStore.erase(...args)),
    eraseNext: (...args) => step(core.accountStore.eraseNext(...args)),
  });
  return { core: { ...core, accountStore }, died };
}

describe('a server that dies while an account is deleted', () => {
  // The deletion, three memberships that end, three conversations that are erased, and the look that finds nothing left.
  for (let writes = 1; writes <= 8; writes += 1) {
    it(`[ACCT-1] after write ${writes}: the next start finishes it`, async () => {
      const { under, core, ada, bob } = await world();
      const direct = await under.direct(ada, bob);
      const group = await under.group(bob, [ada]);
      const alone = await under.group(ada);
      for (const conversationId of [direct, group, alone]) await under.say(ada, conversationId, 'Remember me');
      const dying = dyingAfter(core, writes);
      void deleteMe(dying.core, ada, { body });
      await dying.died;
      const again = { identifier: 'person2', password: PASSWORD, device_name: 'Laptop' };
      expect(await codeOf(login(core, again, ADDRESS))).toBe('WRONG_CREDENTIALS');

      await finishErasing(core);
      expect(await core.membershipStore.conversationsOf(ada.userId)).toEqual([]);
      expect(await doneValue(viewConversation(core, bob, group))).toMatchObject({ member_count: 1 });
      for (const conversationId of [direct, group, alone]) {
        const { entries } = await core.messageLog.readAfter(conversationId, 0, 100);
        expect(entries.map(({ type }) => type).slice(-2)).toEqual(['member_removed', 'author_erased']);
        expect(JSON.stringify(entries)).not.toContain('Remember');
      }
    });
  }

  it('[ACCT-1] before the first write: nothing has changed', async () => {
    const { under, core, ada, bob } = await world();
    const group = await under.group(bob, [ada]);
    const accountStore = withErasing(core.accountStore, {
      erase: () => Promise.reject(new Error('The store failed.')),
      eraseNext: (...args) => core.accountStore.eraseNext(...args),
    });
    await expect(deleteMe({ ...core, accountStore }, ada, { body })).rejects.toThrow('The store failed.');
    await finishErasing(core);
    expect(await core.membershipStore.conversationsOf(ada.userId)).toEqual([group]);
    const again = { identifier: 'person2', password: PASSWORD, device_name: 'Laptop' };
    await doneValue(login(core, again, ADDRESS));
  });
});

describe('export', () => {
  it('[ACCT-2] gives everything that the account may see, and nothing else', async () => {
    const { under, core, ada, bob, eve } = await world();
    const group = await under.group(bob, [ada]);
    await under.say(eve, await under.direct(bob, eve), 'Not for Ada');
    for (let sent = 0; sent < 250; sent += 1) await under.say(bob, group, `Message ${sent}`);
    const lines: object[] = [];
    for await (const line of exportMe(core, ada)) lines.push(line);
    const types = lines.map((line) => ('type' in line ? line.type : undefined));
    expect(types.slice(0, 5)).toEqual(['account', 'device', 'conversation', 'conversation_created', 'member_added']);
    const texts = lines.flatMap((line) => ('content' in line ? [JSON.stringify(line.content)] : []));
    expect(texts).toEqual(Array.from({ length: 250 }, (_, sent) => `{"text":"Message ${sent}"}`));
    expect(JSON.stringify(lines)).not.toContain('Not for Ada');
    expect(JSON.stringify(lines)).not.toContain('plain:');
  });

  it('[HIST-5] ends a conversation that its reader was removed from meanwhile', async () => {
    const { under, core, ada, bob } = await world();
    const group = await under.group(bob, [ada]);
    for (let sent = 0; sent < 150; sent += 1) await under.say(bob, group);
    let messages = 0;
    for await (const line of exportMe(core, ada)) {
      if (!('type' in line) || line.type !== 'message') continue;
      messages += 1;
      if (messages === 1) {
        const removal = { conversationId: group, actor: bob.userId, userId: ada.userId, at: under.clock.now() };
        await core.membershipStore.remove({ ...removal, roles: ['owner'], reason: 'removed' });
      }
    }
    expect(messages).toBe(100);
  });
});
