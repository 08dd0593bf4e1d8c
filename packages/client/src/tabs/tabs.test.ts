import { describe, expect, it } from 'vitest';
import { deviceOf, openServer, textsOf } from '../../test/devices.ts';
import { MemoryTokenStorage } from '../api/token-storage.ts';
import { MemoryOutboxStorage } from '../outbox/outbox-storage.ts';
import { MemoryStateStorage } from '../storage/state-storage.ts';
import type { TabLink, TabMessage } from './tab-link.ts';

interface Tab {
  onMessage(message: TabMessage): void;
  onWriter?: () => void;
  onLost?: () => void;
}

/** Tabs of one browser profile without a browser: a channel, and a lock that passes on when its holder closes. */
class Profile {
  readonly #tabs: Tab[] = [];
  #writer: Tab | undefined;

  link(): TabLink & { kill(): void; takeOver(): void } {
    const tab: Tab = { onMessage: () => undefined };
    this.#tabs.push(tab);
    const leave = () => {
      this.#tabs.splice(this.#tabs.indexOf(tab), 1);
      if (this.#writer === tab) this.#writer = undefined;
      this.#elect();
    };
    return {
      post: (message) => {
        for (const other of [...this.#tabs]) {
          const copy = structuredClone(message);
          if (other !== tab) queueMicrotask(() => other.onMessage(copy));
        }
      },
      listen: (onMessage) => {
        tab.onMessage = onMessage;
      },
      becomeWriter: (onWriter, onLost) => {
        Object.assign(tab, { onWriter, onLost });
        this.#elect();
      },
      takeOver: () => {
        const before = this.#writer;
        this.#writer = tab;
        tab.onWriter?.();
        before?.onLost?.();
      },
      close: leave,
      kill: leave,
    };
  }

  #elect(): void {
    const next = this.#tabs.find(({ onWriter }) => onWriter !== undefined);
    if (this.#writer !== undefined || next === undefined) return;
    this.#writer = next;
    next.onWriter?.();
  }
}

async function twoTabs(earlier = 0) {
  const server = openServer();
  const [alice, bob] = await server.builders.people(2);
  if (alice === undefined || bob === undefined) throw new Error('There must be two people.');
  const group = await server.builders.group(alice, [bob]);
  for (let index = 0; index < earlier; index += 1) await server.builders.send(bob, group, `message ${index}`);
  const profile = new Profile();
  const tokens = new MemoryTokenStorage();
  await tokens.save({
    ...alice,
    accessToken: server.tokenOf(alice),
    accessExpiresAt: server.clock.now() + 600_000,
    refreshToken: `refresh ${alice.userId} ${alice.deviceId}`,
    obtainedAt: server.clock.now(),
  });
  const storages = { tokens, outbox: new MemoryOutboxStorage(), storage: new MemoryStateStorage() };
  const links = [profile.link(), profile.link()] as const;
  const writer = await deviceOf(server, alice, { ...storages, tabs: links[0], seed: 1 });
  const follower = await deviceOf(server, alice, { ...storages, tabs: links[1], seed: 2 });
  for (const tab of [writer, follower]) tab.connect();
  await server.clock.advance(1_000);
  return { server, alice, tokens, bob, group, profile, writer, follower, links };
}

describe('two tabs of one profile', () => {
  it('[CONN-12] are one connection and show the same', async () => {
    const { server, group, writer, follower } = await twoTabs();
    expect(server.peers.size).toBe(1);
    await writer.send(group, { text: 'from the writer' });
    await follower.send(group, { text: 'from the other' });
    await server.clock.advance(1_000);
    expect(textsOf(writer, group)).toEqual(['from the writer', 'from the other']);
    expect(follower.store.getSnapshot()).toEqual(writer.store.getSnapshot());
  });

  it('[S8] a write of one tab is sent by the next writer when the writer is killed', async () => {
    const { server, group, writer, follower, links } = await twoTabs();
    server.isDown = true;
    server.cutAll();
    await follower.send(group, { text: 'survives' });
    await server.clock.advance(1_000);
    links[0].kill();
    writer.disconnect();
    server.isDown = false;
    await server.clock.advance(60_000);
    expect(follower.store.getSnapshot()).toMatchObject({ status: { kind: 'live' }, outbox: [] });
    expect(textsOf(follower, group)).toEqual(['survives']);
    expect(server.peers.size).toBe(1);
  });

  it('[CONN-12] a tab that another one took over from follows it, sends nothing twice, and can lead again', async () => {
    const { server, bob, group, writer, follower, links } = await twoTabs();
    await writer.send(group, { text: 'one' });
    await server.clock.advance(1_000);
    links[1].takeOver();
    await server.clock.advance(1_000);
    expect(server.peers.size).toBe(1);
    await writer.send(group, { text: 'two' });
    await server.publish(await server.builders.send(bob, group, 'three'));
    await server.clock.advance(1_000);
    links[0].takeOver();
    await server.clock.advance(1_000);
    await follower.send(group, { text: 'four' });
    await server.clock.advance(1_000);
    expect(server.peers.size).toBe(1);
    for (const tab of [writer, follower]) {
      expect(textsOf(tab, group).sort()).toEqual(['four', 'one', 'three', 'two']);
      expect(tab.store.getSnapshot()).toMatchObject({ status: { kind: 'live' }, outbox: [] });
    }
  });

  it('a third tab takes nothing from the history that the others show', async () => {
    const { server, alice, tokens, group, profile, follower } = await twoTabs(60);
    await follower.openConversation(group);
    await follower.loadOlder(group);
    const before = textsOf(follower, group);
    expect(before.length).toBe(60);
    const third = await deviceOf(server, alice, { tokens, tabs: profile.link(), seed: 3 });
    await server.clock.advance(1_000);
    expect(third.store.getSnapshot().me?.user_id).toBe(alice.userId);
    expect(textsOf(follower, group)).toEqual(before);
  });

  it('logging in in one tab connects the profile, though the writer stands at the log-in form', async () => {
    const server = openServer();
    const [alice] = await server.builders.people(1);
    if (alice === undefined) throw new Error('There must be a person.');
    const profile = new Profile();
    const tokens = new MemoryTokenStorage();
    const first = await deviceOf(server, alice, { tokens, tabs: profile.link(), seed: 1 });
    const second = await deviceOf(server, alice, { tokens, tabs: profile.link(), seed: 2 });
    server.loginAs = alice;
    await second.login({ identifier: 'alice', password: 'correct horse battery', device_name: 'Browser' });
    second.connect();
    await server.clock.advance(1_000);
    for (const tab of [first, second])
      expect(tab.store.getSnapshot()).toMatchObject({ status: { kind: 'live' }, me: { user_id: alice.userId } });
    expect(server.peers.size).toBe(1);
  });

  it('[SYNC-11] a channel that a tab has open is live on the next writer too, and no longer when the tab is put away', async () => {
    const { server, alice, bob, tokens, profile, links, writer, follower } = await twoTabs();
    const channel = await server.builders.channel(bob, [alice]);
    const third = await deviceOf(server, alice, { tokens, tabs: profile.link(), seed: 3 });
    third.connect();
    await server.clock.advance(1_000);
    await third.openConversation(channel);
    await server.clock.advance(1_000);
    const asked = () => server.taken.flatMap(({ type }) => (type.endsWith('subscribe') ? [type] : []));
    expect(asked()).toEqual(['subscribe']);
    links[0].kill();
    writer.disconnect();
    await server.clock.advance(10_000);
    expect(follower.store.getSnapshot().status).toMatchObject({ kind: 'live' });
    expect(asked()).toEqual(['subscribe', 'subscribe']);
    third.putAway();
    await server.clock.advance(1_000);
    expect(asked()).toEqual(['subscribe', 'subscribe', 'unsubscribe']);
    third.lookedAt();
    await server.clock.advance(1_000);
    expect(asked()).toEqual(['subscribe', 'subscribe', 'unsubscribe', 'subscribe']);
  });

  it('[CONN-9] any tab can ask to connect again without waiting longer', async () => {
    const { server, follower } = await twoTabs();
    server.isDown = true;
    server.cutAll();
    await server.clock.advance(120_000);
    expect(follower.store.getSnapshot().status).toMatchObject({ kind: 'waiting' });
    server.isDown = false;
    follower.networkChanged(true);
    await server.clock.advance(1);
    expect(follower.store.getSnapshot().status).toMatchObject({ kind: 'live' });
  });

  it('[RCPT-3] reading in one tab is reading', async () => {
    const { server, bob, group, writer, follower } = await twoTabs();
    const entry = await server.builders.send(bob, group, 'Hello');
    await server.publish(entry);
    await server.clock.advance(1_000);
    expect(follower.store.getSnapshot().conversations[group]?.resource.unread_count).toBe(1);
    follower.markRead(group);
    await server.clock.advance(1_000);
    for (const tab of [writer, follower])
      expect(tab.store.getSnapshot().conversations[group]?.resource.unread_count).toBe(0);
  });
});
