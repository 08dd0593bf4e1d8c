import { directIdOf, makeGroupId } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { allPages, CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import type { Actor } from '../actor.ts';
import { makeCursor } from '../paging/cursor.ts';
import { createConversation } from './create-conversation.ts';
import { getConversation } from './get-conversation.ts';
import { listConversations } from './list-conversations.ts';
import { searchChannels } from './search-channels.ts';
import { updateConversation } from './update-conversation.ts';
import { updateSettings } from './update-settings.ts';

let under = new CoreUnderTest();
let [ada, bob, eve] = [] as unknown as [Actor, Actor, Actor]; // The cast holds: beforeEach fills it.
beforeEach(async () => {
  under = new CoreUnderTest({ groupMembersMax: 3 });
  [ada, bob, eve] = (await under.people(3)) as [Actor, Actor, Actor];
});

describe('starting', () => {
  it('[CONV-1] a direct conversation is the same whoever starts it, however often', async () => {
    const id = directIdOf(ada.userId, bob.userId);
    const [one, other] = [await under.direct(ada, bob), await under.direct(bob, ada)];
    expect([one, other]).toEqual([id, id]);
    expect(under.events('entry').map(({ entry }) => entry.type)).toEqual(['conversation_created']);
    const seen = await doneValue(getConversation(under.core, bob, { params: { conversation_id: id } }));
    expect(seen).toMatchObject({ kind: 'direct', name: null, peer: { user_id: ada.userId }, member_count: 2 });
  });

  it('[CONV-1] not with oneself, nor with nobody', async () => {
    const start = (user_id: Actor['userId']) => createConversation(under.core, ada, { kind: 'direct', user_id }, null);
    expect(await codeOf(start(ada.userId))).toBe('INVALID_REQUEST');
    expect(await codeOf(start(under.core.ids.userId()))).toBe('NOT_FOUND');
  });

  it('[CONV-2] a group has at most as many members as allowed', async () => {
    const dan = await under.person();
    const member_ids = [ada, bob, eve, dan, dan].map(({ userId }) => userId);
    const body = { kind: 'group', name: 'Crowd', member_ids } as const;
    expect(await codeOf(createConversation(under.core, ada, body, null))).toBe('TOO_MANY_MEMBERS');
    const fitting = { ...body, member_ids: member_ids.slice(0, 3) };
    const group = await doneValue(createConversation(under.core, ada, fitting, null));
    expect(group).toMatchObject({ kind: 'group', visibility: 'private', member_count: 3, my: { role: 'owner' } });
  });

  it('[SEND-2] [SEND-3] a key makes one group; with other content it is refused', async () => {
    const key = under.key();
    const body = { kind: 'group', name: 'Once', member_ids: [bob.userId, eve.userId] } as const;
    const make = (change: object) =>
      createConversation(under.core, ada, { ...body, member_ids: [...body.member_ids], ...change }, key);
    const first = await doneValue(make({}));
    expect(await doneValue(make({ member_ids: [eve.userId, bob.userId] }))).toEqual(first);
    expect(await codeOf(make({ name: 'Twice' }))).toBe('KEY_REUSED');
    expect((await under.core.accountStore.counts()).conversations).toBe(1);
  });
});

describe('the list', () => {
  const list = (query: object = {}) => listConversations(under.core, ada, { query: { limit: 2, ...query } });

  it('[CONV-3] is ordered by last activity and paged', async () => {
    const first = await under.group(ada);
    const others = [await under.group(ada), await under.group(ada), await under.group(ada), await under.group(ada)];
    await under.clock.advance(1);
    await under.say(ada, first);
    const { items, sizes } = await allPages(list);
    const ids = items.map((item) => item.conversation_id);
    expect(sizes).toEqual([2, 2, 1]);
    expect(ids[0]).toBe(first);
    expect(ids.slice(1).sort()).toEqual(others.sort());
    expect(await codeOf(list({ cursor: 'x' }))).toBe('BAD_CURSOR');
  });

  it('[CONV-3] shows archived ones only on request', async () => {
    const [kept, archived] = [await under.group(ada), await under.group(ada)];
    const params = { conversation_id: archived };
    await doneValue(updateSettings(under.core, ada, { params, body: { archived: true } }));
    const ids = async (query: object) => (await doneValue(list(query))).items.map((item) => item.conversation_id);
    expect(await ids({})).toEqual([kept]);
    expect(await ids({ archived: true })).toEqual([archived]);
  });

  it('[CONV-4] settings are the own ones and reach all devices', async () => {
    const conversation_id = await under.direct(ada, bob);
    const params = { conversation_id };
    const body = { pinned: true, muted_until: 7 };
    const settings = await doneValue(updateSettings(under.core, ada, { params, body }));
    expect(settings).toEqual({ archived: false, pinned: true, muted_until: 7, notifications: 'all' });
    expect((await doneValue(getConversation(under.core, bob, { params }))).my.settings.pinned).toBe(false);
    expect(await codeOf(updateSettings(under.core, eve, { params, body }))).toBe('NOT_FOUND');
    const head = await under.core.userLog.head(ada.userId);
    const { entries } = await under.core.userLog.readAfter(ada.userId, head - 1, 1);
    expect(entries).toMatchObject([{ type: 'settings_changed', settings }]);
  });
});

describe('changing', () => {
  it('[CONV-2] owner and admins change name, description and picture', async () => {
    const conversation_id = await under.group(ada, [bob]);
    const params = { conversation_id };
    const change = (actor: Actor, body: object) => updateConversation(under.core, actor, { params, body });
    const changed = await doneValue(change(ada, { name: 'New', description: 'About', avatar_url: '/a.png' }));
    expect(changed).toMatchObject({ name: 'New', description: 'About', avatar_url: '/a.png' });
    expect(await doneValue(change(ada, { description: '', avatar_url: null }))).toMatchObject({
      name: 'New',
      description: null,
      avatar_url: null,
    });
    expect(await doneValue(change(ada, {}))).toMatchObject({ head_seq: 4 });
    expect(await codeOf(change(bob, { name: 'Mine' }))).toBe('FORBIDDEN');
    expect(await codeOf(change(eve, { name: 'Mine' }))).toBe('NOT_FOUND');
    expect(await codeOf(change(ada, { visibility: 'public' }))).toBe('INVALID_REQUEST');
    for (const avatar_url of ['javascript:alert(1)', '//evil.example/a.png', 'http://example.org/a.png'])
      expect(await codeOf(change(ada, { avatar_url }))).toBe('INVALID_REQUEST');
  });

  it('a direct conversation has no name', async () => {
    const params = { conversation_id: await under.direct(ada, bob) };
    expect(await codeOf(updateConversation(under.core, ada, { params, body: { name: 'Us' } }))).toBe('FORBIDDEN');
    expect(await codeOf(updateConversation(under.core, eve, { params, body: { name: 'Us' } }))).toBe('NOT_FOUND');
  });
});

describe('channels', () => {
  it('[HIST-2] public ones are found by the beginning of their name, by page', async () => {
    for (const visibility of ['public', 'private', 'public', 'public'] as const)
      await under.channel(ada, [], visibility);
    const search = (query: object) => searchChannels(under.core, eve, { query: { query: 'a ch', limit: 2, ...query } });
    const { items, sizes } = await allPages(search);
    expect(sizes).toEqual([2, 1]);
    expect(items[0]).toMatchObject({ name: 'A channel', description: null, member_count: 1 });
    expect(await doneValue(search({ query: 'zzz' }))).toEqual({ items: [], next_cursor: null });
    expect(await codeOf(search({ cursor: 'x' }))).toBe('BAD_CURSOR');
  });

  it('[SEND-6] a made-up cursor tells nothing of conversations that the list does not show', async () => {
    const hidden = [await under.group(ada, [bob]), await under.channel(ada, [], 'private'), makeGroupId(1n)];
    for (const conversationId of hidden) {
      const query = { query: 'a ch', limit: 2, cursor: makeCursor('channels', conversationId) };
      expect(await codeOf(searchChannels(under.core, eve, { query }))).toBe('BAD_CURSOR');
    }
  });
});
