import { FakeClock, type Person } from '@parley/testkit';
import { MemoryTokenStorage } from '../src/api/token-storage.ts';
import { type Client, createClient } from '../src/client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import { LoopbackServer } from './loopback-server.ts';

export const openServer = (): LoopbackServer => new LoopbackServer(new FakeClock());

/** A client that is logged in as a person's device, not connected. Options override. */
export async function deviceOf(
  server: LoopbackServer,
  person: Person,
  options: Partial<ClientOptions> & { readonly seed?: number } = {},
): Promise<Client> {
  const tokens = new MemoryTokenStorage();
  await tokens.save({
    ...person,
    accessToken: server.tokenOf(person),
    accessExpiresAt: server.clock.now() + 600_000,
    refreshToken: `refresh ${person.userId} ${person.deviceId}`,
    obtainedAt: server.clock.now(),
  });
  const environment = server.environment(options.seed ?? 1);
  return createClient({ url: 'http://parley.test', tokens, environment, ...options });
}

/** A client that is live. */
export async function liveDeviceOf(...given: Parameters<typeof deviceOf>): Promise<Client> {
  const client = await deviceOf(...given);
  client.connect();
  await given[0].clock.advance(1_000);
  const { status } = client.store.getSnapshot();
  if (status.kind !== 'live') throw new Error(`The device is not live but ${JSON.stringify(status)}.`);
  return client;
}

/** Texts of a conversation as a device shows them: the log, then what waits. */
export function textsOf(client: Client, conversationId: string): string[] {
  const state = client.store.getSnapshot();
  const items = state.conversations[conversationId]?.timeline.items ?? [];
  const stored = items.map((item) => (item.kind === 'message' ? item.message.content?.text : undefined));
  const waiting = state.outbox.map(({ write }) => ('content' in write ? write.content.text : undefined));
  return [...stored, ...waiting].filter((text) => text !== undefined);
}
