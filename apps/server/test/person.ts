import { type Client, type ClientOptions, createClient, timeline } from '@parley/client';
import type { ConversationId } from '@parley/protocol';

const DEADLINE_MS = 30_000;

/** Resolves when the condition holds of what the client knows. */
export function until(client: Client, what: string, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Not within ${DEADLINE_MS} ms: ${what}. ${JSON.stringify(client.store.getSnapshot().status)}`));
    }, DEADLINE_MS);
    const stop = client.store.subscribe(() => {
      if (!condition()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}

export const isLive = (client: Client): boolean => client.store.getSnapshot().status.kind === 'live';

export const textsOf = (client: Client, id: ConversationId): readonly string[] =>
  (timeline(client.store.getSnapshot(), id)?.items ?? []).flatMap((item) =>
    item.kind === 'message' ? [item.message.content?.text ?? ''] : [],
  );

/** A new account on the SDK, connected. */
export async function join(url: string, name: string, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = await createClient({ url, ...options });
  await client.register({
    name,
    username: name.toLowerCase(),
    password: 'a long enough password',
    device_name: 'test',
  });
  client.connect();
  await until(client, `${name} is connected`, () => isLive(client));
  return client;
}

/** The conversation of two people, open at both. */
export async function startTalk(one: Client, other: Client): Promise<ConversationId> {
  const userId = other.store.getSnapshot().me?.user_id;
  if (userId === undefined) throw new Error('The other one has no account.');
  const { conversation_id: id } = await one.createDirect(userId);
  await until(other, 'the conversation has arrived', () => other.store.getSnapshot().conversations[id] !== undefined);
  for (const client of [one, other]) await client.openConversation(id);
  return id;
}

/** Says something and waits until it is stored. */
export async function say(client: Client, id: ConversationId, text: string): Promise<void> {
  const { clientMsgId } = await client.send(id, { text });
  const isPending = () =>
    client.store.getSnapshot().outbox.some((row) => row.clientMsgId === clientMsgId && row.state.kind === 'pending');
  await until(client, `“${text}” is acknowledged`, () => !isPending());
}
