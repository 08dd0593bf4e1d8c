import type { Role } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { allPages, CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { addMembers } from './add-members.ts';
import { changeRole } from './change-role.ts';
import { joinChannel } from './join-channel.ts';
import { leaveConversation } from './leave-conversation.ts';
import { listMembers } from './list-members.ts';
import { removeMember } from './remove-member.ts';

let under = new CoreUnderTest();
let [owner, admin, member, stranger] = [] as unknown as [Actor, Actor, Actor, Actor]; // The cast holds: beforeEach fills it.
let conversation_id = under.core.ids.groupId();

const add = (actor: Actor, ...people: Actor[]) =>
  addMembers(under.core, actor, {
    params: { conversation_id },
    body: { user_ids: people.map(({ userId }) => userId) },
  });
const remove = (actor: Actor, target: Actor) =>
  removeMember(under.core, actor, { params: { conversation_id, user_id: target.userId } });
const leave = (actor: Actor) => leaveConversation(under.core, actor, { params: { conversation_id } });
const setRole = (actor: Actor, target: Actor, role: Role) =>
  changeRole(under.core, actor, { params: { conversation_id, user_id: target.userId }, body: { role } });

beforeEach(async () => {
  under = new CoreUnderTest({ groupMembersMax: 4 });
  [owner, admin, member, stranger] = (await under.people(4)) as [Actor, Actor, Actor, Actor];
  conversation_id = await under.group(owner, [admin, member]);
  await doneValue(setRole(owner, admin, 'admin'));
});

describe('members', () => {
  it('[MEMB-1] owner and admins add, members and strangers do not', async () => {
    expect(await codeOf(add(member, stranger))).toBe('FORBIDDEN');
    expect(await codeOf(add(stranger, stranger))).toBe('NOT_FOUND');
    expect(await doneValue(add(admin, stranger, member))).toMatchObject({ member_count: 4 });
    expect(await doneValue(add(admin, stranger))).toMatchObject({ member_count: 4, head_seq: 4 });
    expect(await codeOf(add(owner, await under.person()))).toBe('TOO_MANY_MEMBERS');
  });

  it('[MEMB-1] nobody is added who does not exist', async () => {
    expect(await codeOf(add(owner, { ...stranger, userId: under.core.ids.userId() }))).toBe('NOT_FOUND');
  });

  it('[MEMB-1] admins remove, but not owners; members remove nobody', async () => {
    expect(await codeOf(remove(member, admin))).toBe('FORBIDDEN');
    expect(await codeOf(remove(admin, owner))).toBe('FORBIDDEN');
    expect(await codeOf(remove(stranger, member))).toBe('NOT_FOUND');
    expect(await codeOf(remove(admin, stranger))).toBe('NOT_FOUND');
    await doneValue(remove(admin, member));
    expect(await codeOf(getConversation(under.core, member, { params: { conversation_id } }))).toBe('NOT_FOUND');
    await doneValue(remove(admin, admin));
    const removals = under.events('entry').map(({ entry }) => entry);
    expect(removals.slice(-2)).toMatchObject([
      { type: 'member_removed', user_id: member.userId, reason: 'removed', sender_id: admin.userId },
      { type: 'member_removed', user_id: admin.userId, reason: 'left' },
    ]);
  });

  it('[MEMB-2] owners change any role, admins make and unmake admins', async () => {
    expect(await codeOf(setRole(member, member, 'admin'))).toBe('FORBIDDEN');
    expect(await codeOf(setRole(stranger, member, 'admin'))).toBe('NOT_FOUND');
    expect(await codeOf(setRole(admin, stranger, 'admin'))).toBe('NOT_FOUND');
    expect(await codeOf(setRole(admin, admin, 'owner'))).toBe('FORBIDDEN');
    expect(await codeOf(setRole(admin, owner, 'member'))).toBe('FORBIDDEN');
    expect(await doneValue(setRole(admin, member, 'admin'))).toMatchObject({
      role: 'admin',
      user: { user_id: member.userId },
    });
    await doneValue(setRole(member, admin, 'member'));
    await doneValue(setRole(owner, admin, 'owner'));
    await doneValue(setRole(admin, owner, 'member'));
  });

  it('[MEMB-2] the last owner cannot leave or step down while others remain', async () => {
    expect(await codeOf(leave(owner))).toBe('LAST_OWNER');
    expect(await codeOf(setRole(owner, owner, 'admin'))).toBe('LAST_OWNER');
    expect(await codeOf(remove(owner, owner))).toBe('LAST_OWNER');
    await doneValue(setRole(owner, admin, 'owner'));
    await doneValue(leave(owner));
    await doneValue(leave(member));
    await doneValue(leave(admin));
    expect(await codeOf(leave(member))).toBe('NOT_FOUND');
  });

  it('[MEMB-3] adding, removing, leaving and role changes are entries of the log, told to the nodes in order', async () => {
    await doneValue(add(owner, stranger));
    await doneValue(leave(stranger));
    await doneValue(remove(owner, member));
    const entries = under.events('entry').map(({ entry }) => entry);
    expect(entries.map(({ type }) => type)).toEqual([
      'conversation_created',
      'member_added',
      'member_role_changed',
      'member_added',
      'member_removed',
      'member_removed',
    ]);
    const { entries: stored } = await under.core.messageLog.readAfter(conversation_id, 0, 10);
    expect(stored).toEqual(entries);
  });

  it('[HIST-2] are listed by page, for members only', async () => {
    const list = (actor: Actor, query: object) =>
      listMembers(under.core, actor, { params: { conversation_id }, query: { limit: 2, ...query } });
    const { items, sizes } = await allPages((cursor) => list(member, cursor));
    expect(sizes).toEqual([2, 1]);
    expect(items.map(({ user, role }) => [user.user_id, role])).toEqual([
      [owner.userId, 'owner'],
      [admin.userId, 'admin'],
      [member.userId, 'member'],
    ]);
    expect(await codeOf(list(stranger, {}))).toBe('NOT_FOUND');
  });
});

describe('a direct conversation', () => {
  it('has its two members for ever', async () => {
    const params = { conversation_id: await under.direct(owner, admin), user_id: admin.userId };
    const { core } = under;
    const doors = (actor: Actor) => [
      addMembers(core, actor, { params, body: { user_ids: [member.userId] } }),
      removeMember(core, actor, { params }),
      changeRole(core, actor, { params, body: { role: 'owner' } }),
      leaveConversation(core, actor, { params }),
    ];
    for (const door of doors(owner)) expect(await codeOf(door)).toBe('FORBIDDEN');
    for (const door of doors(stranger)) expect(await codeOf(door)).toBe('NOT_FOUND');
  });
});

describe('joining', () => {
  const join = (actor: Actor, id: Parameters<typeof joinChannel>[2]['params']['conversation_id']) =>
    joinChannel(under.core, actor, { params: { conversation_id: id } });

  it('[MEMB-1] anybody joins a public channel and reads it from the beginning', async () => {
    const channel = await under.channel(owner);
    const seq = await under.say(owner, channel);
    const joined = await doneValue(join(stranger, channel));
    expect(joined).toMatchObject({
      member_count: 2,
      my: { role: 'member', visible_from_seq: 1 },
      last_message: { seq },
    });
    expect(await doneValue(join(stranger, channel))).toMatchObject({ member_count: 2, head_seq: joined.head_seq });
  });

  it('[SEND-6] private channels, groups and what does not exist are the same to a stranger', async () => {
    const closed = await under.channel(owner, [], 'private');
    for (const id of [closed, conversation_id, under.core.ids.channelId()])
      expect(await codeOf(join(stranger, id))).toBe('NOT_FOUND');
  });
});
