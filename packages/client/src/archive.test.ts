import { expect, it } from 'vitest';
import { liveDeviceOf, openServer } from '../test/devices.ts';
import { archivedList } from './store/selectors.ts';

async function place() {
  const server = openServer();
  const [alice, bob] = await server.builders.people(2);
  if (alice === undefined || bob === undefined) throw new Error('There must be two people.');
  return { server, alice, group: await server.builders.group(alice, [bob]) };
}

it('[CONV-3] a device that begins asks for what is archived too, and again when the answer is lost', async () => {
  const { server, alice, group } = await place();
  await server.stores.membershipStore.changeSettings(group, alice.userId, { archived: true });
  const plain = server.environment(1);
  let losses = 2;
  const fetch: typeof plain.fetch = (url, init) =>
    String(url).includes('archived=true') && losses-- > 0
      ? Promise.reject(new TypeError('planted'))
      : plain.fetch(url, init);
  const one = await liveDeviceOf(server, alice, { environment: { ...plain, fetch } });
  expect(one.store.getSnapshot().conversations).toEqual({});
  await server.clock.advance(10_000);
  const { conversations } = one.store.getSnapshot();
  expect(archivedList(conversations).map(({ resource }) => resource.conversation_id)).toEqual([group]);
  expect(losses).toBe(-1);
});

it('[CONV-4] a conversation that changed from one list to the other while both were read is found', async () => {
  const { server, alice, group } = await place();
  const { membershipStore } = server.stores;
  const plain = server.environment(1);
  const fetch: typeof plain.fetch = async (url, init) => {
    const isAskedFor = (part: string): boolean => String(url).includes(part);
    if (isAskedFor('snapshot')) await membershipStore.changeSettings(group, alice.userId, { archived: true });
    const answer = await plain.fetch(url, init);
    // So that the archive does not name it either: it is told last of all.
    if (isAskedFor('snapshot')) await membershipStore.changeSettings(group, alice.userId, { archived: false });
    return answer;
  };
  const one = await liveDeviceOf(server, alice, { environment: { ...plain, fetch } });
  await server.clock.advance(1_000);
  expect(Object.keys(one.store.getSnapshot().conversations)).toEqual([group]);
});
