import { beforeEach, describe, expect, it } from 'vitest';
import { CoreUnderTest, codeOf, doneValue } from '../../test/core-under-test.ts';
import { updatePrivacy } from '../accounts/update-privacy.ts';
import type { Actor } from '../actor.ts';
import { connectionClosed } from './connection-closed.ts';
import { connectionOpened } from './connection-opened.ts';
import { queryPresence } from './query-presence.ts';
import { typing } from './typing.ts';
import { watchable } from './watchable.ts';

let under = new CoreUnderTest();
let [ada, bob, eve] = [] as unknown as [Actor, Actor, Actor]; // The cast holds: beforeEach fills it.
beforeEach(async () => {
  under = new CoreUnderTest();
  [ada, bob, eve] = (await under.people(3)) as [Actor, Actor, Actor];
});

const told = () => under.events('presence').map(({ presence }) => presence.status);
const ask = async (actor: Actor, ...people: Actor[]) =>
  (await doneValue(queryPresence(under.core, actor, { userIds: people.map(({ userId }) => userId) }))).items;

describe('presence', () => {
  it('[PRES-1] a user is online while one connection is alive, then last seen', async () => {
    await under.direct(ada, bob);
    await connectionOpened(under.core, ada, 'one');
    await connectionOpened(under.core, ada, 'two');
    await connectionClosed(under.core, ada, 'one');
    expect(await ask(bob, ada)).toEqual([{ user_id: ada.userId, status: 'online', last_seen_at: null }]);
    await connectionClosed(under.core, ada, 'two');
    const last_seen_at = under.clock.now();
    expect(await ask(bob, ada)).toEqual([{ user_id: ada.userId, status: 'offline', last_seen_at }]);
    expect(told()).toEqual(['online']);
    await under.clock.advance(5_000);
    expect(under.events('presence')[1]).toEqual({
      type: 'presence',
      presence: { user_id: ada.userId, status: 'offline', last_seen_at },
    });
  });

  it('[PRES-1] a connection that goes unheard for 60 s does not count', async () => {
    await under.direct(ada, bob);
    await connectionOpened(under.core, ada, 'one');
    await under.clock.advance(60_001);
    expect(await ask(bob, ada)).toMatchObject([{ status: 'offline' }]);
  });

  it('[PRES-2] going back and forth within 5 s is not told, coming back later is told at once', async () => {
    await connectionOpened(under.core, ada, 'one');
    for (let change = 0; change < 5; change += 1) {
      await connectionClosed(under.core, ada, 'one');
      await under.clock.advance(4_000);
      await connectionOpened(under.core, ada, 'one');
      await under.clock.advance(500);
    }
    await under.clock.advance(10_000);
    expect(told()).toEqual(['online']);
    await connectionClosed(under.core, ada, 'one');
    await under.clock.advance(5_000);
    await connectionOpened(under.core, ada, 'two');
    expect(told()).toEqual(['online', 'offline', 'online']);
  });

  it('[PRES-3] privacy decides who sees it, and only people who share a conversation may ask', async () => {
    await under.direct(ada, bob);
    await under.group(ada, [eve]);
    const stranger = await under.person();
    await connectionOpened(under.core, ada, 'one');
    const seenBy = async () => {
      const answers = [];
      for (const asker of [bob, eve, stranger, ada]) answers.push((await ask(asker, ada))[0]?.status);
      return answers;
    };
    expect(await seenBy()).toEqual(['online', 'online', 'offline', 'online']);
    await doneValue(updatePrivacy(under.core, ada, { body: { last_seen: 'contacts' } }));
    expect(await seenBy()).toEqual(['online', 'offline', 'offline', 'online']);
    await doneValue(updatePrivacy(under.core, ada, { body: { last_seen: 'nobody' } }));
    expect(await seenBy()).toEqual(['offline', 'offline', 'offline', 'online']);
    expect([...(await watchable(under.core, bob, [ada.userId, bob.userId]))]).toEqual([bob.userId]);
    await connectionClosed(under.core, ada, 'one');
    expect(await ask(bob, ada)).toEqual([{ user_id: ada.userId, status: 'offline', last_seen_at: null }]);
  });

  it('[PRES-3] a direct conversation that only the other one made and wrote in makes no contact', async () => {
    await doneValue(updatePrivacy(under.core, ada, { body: { last_seen: 'contacts' } }));
    await connectionOpened(under.core, ada, 'one');
    const direct = await under.direct(eve, ada);
    await under.say(eve, direct);
    expect(await ask(eve, ada)).toEqual([{ user_id: ada.userId, status: 'offline', last_seen_at: null }]);
    await under.say(ada, direct);
    expect(await ask(eve, ada)).toMatchObject([{ status: 'online' }]);
    await under.direct(ada, bob);
    expect(await ask(bob, ada)).toMatchObject([{ status: 'online' }]);
  });

  it('[PRES-3] who hides is offline for those who watch, and nothing more is told', async () => {
    await connectionOpened(under.core, ada, 'one');
    await doneValue(updatePrivacy(under.core, ada, { body: { last_seen: 'nobody' } }));
    await connectionClosed(under.core, ada, 'one');
    await under.clock.advance(60_000);
    await connectionOpened(under.core, ada, 'one');
    expect(under.events('presence').map(({ presence }) => [presence.status, presence.last_seen_at])).toEqual([
      ['online', null],
      ['offline', null],
    ]);
  });
});

describe('typing', () => {
  it('[TYPE-1] is passed on, at most once in 3 s per user and conversation', async () => {
    const [direct, group] = [await under.direct(ada, bob), await under.group(ada, [bob])];
    const start = (actor: Actor, id: typeof direct | typeof group) => doneValue(typing(under.core, actor, id, 'start'));
    for (const at of [0, 2_999, 1]) {
      await under.clock.advance(at);
      await start(ada, direct);
    }
    expect(under.events('typing')).toHaveLength(2);
    await start(ada, group);
    await start(bob, direct);
    await doneValue(typing(under.core, bob, direct, 'stop'));
    expect(under.events('typing').slice(2)).toMatchObject([
      { conversationId: group, userId: ada.userId, state: 'start' },
      { conversationId: direct, userId: bob.userId, state: 'start' },
      { conversationId: direct, userId: bob.userId, state: 'stop' },
    ]);
  });

  it('[TYPE-1] not in channels, nor in groups of more than 20, nor by strangers', async () => {
    const crowd = await under.people(19);
    const group = await under.group(ada, [...crowd]);
    await doneValue(typing(under.core, ada, group, 'start'));
    expect(under.events('typing')).toHaveLength(1);
    const larger = await under.group(ada, [...crowd, bob]);
    await doneValue(typing(under.core, ada, larger, 'start'));
    await doneValue(typing(under.core, ada, await under.channel(ada, [bob]), 'start'));
    expect(await codeOf(typing(under.core, eve, group, 'start'))).toBe('NOT_FOUND');
    expect(under.events('typing')).toHaveLength(1);
  });
});
