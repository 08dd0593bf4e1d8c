import { type Client, createClient } from '@parley/client';

export const PASSWORD = 'correct horse battery';

/** Somebody who talks through the SDK, from this process. */
export async function join(
  url: string,
  name: string,
  username = name.toLowerCase().replace(/[^a-z]+/g, '.'),
): Promise<Client> {
  const client = await createClient({ url });
  await client.register({ name, username, password: PASSWORD, device_name: 'Test' });
  client.connect();
  await until(client, () => client.store.getSnapshot().status.kind === 'live');
  return client;
}

/** Resolves when the claim about the client's state holds; fails loudly when it does not within `withinMs`. */
export function until(client: Client, claim: () => boolean, withinMs = 15_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (action: () => void) => {
      clearTimeout(deadline);
      unsubscribe();
      action();
    };
    const look = () => claim() && finish(resolve);
    const deadline = setTimeout(() => finish(() => reject(new Error('It did not come true in time.'))), withinMs);
    const unsubscribe = client.store.subscribe(look);
    look();
  });
}

export const idOf = (client: Client) => {
  const { me } = client.store.getSnapshot();
  if (me === null) throw new Error('Nobody is logged in.');
  return me.user_id;
};
