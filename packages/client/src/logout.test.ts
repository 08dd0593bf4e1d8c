import { ROUTES } from '@parley/protocol';
import { expect, it } from 'vitest';
import { deviceOf, openServer } from '../test/devices.ts';
import type { ClientEnvironment } from './environment.ts';
import { MemoryStateStorage } from './storage/state-storage.ts';

it('a snapshot that is under way when the device is logged out is not shown and not kept', async () => {
  const server = openServer();
  const [alice] = await server.builders.people(1);
  if (alice === undefined) throw new Error('There must be a person.');
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const plain = server.environment(1);
  const environment: ClientEnvironment = {
    ...plain,
    fetch: async (url, init) => {
      const answer = await plain.fetch(url, init);
      if (!new URL(url).pathname.endsWith(ROUTES.getSnapshot.path)) return answer;
      asked.resolve();
      await answered.promise;
      return answer;
    },
  };
  const storage = new MemoryStateStorage();
  const one = await deviceOf(server, alice, { environment, storage });
  one.connect();
  await Promise.all([asked.promise, server.clock.advance(1_000)]);
  await one.logout();
  answered.resolve();
  await server.clock.advance(5_000);
  expect(one.store.getSnapshot()).toMatchObject({ me: null, conversations: {} });
  expect(await storage.load()).toBeUndefined();
});
