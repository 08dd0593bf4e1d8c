import type { Client } from '@parley/client';
import { type ConversationId, ROUTES } from '@parley/protocol';
import { idOf, join, until } from './people.ts';

/** A place with people in it and enough said to see every kind of row. */
export interface Scene {
  readonly people: Readonly<Record<'ada' | 'ben' | 'chiara' | 'noor', Client>>;
  readonly direct: ConversationId;
  readonly group: ConversationId;
  readonly channel: ConversationId;
  /** A group with a very long name. */
  readonly long: ConversationId;
  /** Much unread for Ada. */
  readonly busy: ConversationId;
  close(): Promise<void>;
}

export const LONG_NAME =
  'Association for the Preservation of Lighthouses and Other Coastal Structures of the Northern Sea';

/** Ada, the administrator of a new server, is the one to look over the shoulder of. `suffix` tells the usernames of several scenes apart. */
export async function openScene(url: string, unread = 42, suffix = ''): Promise<Scene> {
  const named = (username: string) => (suffix === '' ? username : `${username}.${suffix}`);
  const ada = await join(url, 'Ada Sandberg', named('ada'));
  const ben = await join(url, 'Benedikt Oyelaran', named('benedikt'));
  const chiara = await join(url, 'Chiara Fontana-Lindqvist', named('chiara'));
  const noor = await join(url, 'نور الهدى', named('noor'));
  const people = { ada, ben, chiara, noor };
  const { conversation_id: channel } = await ada.createChannel('Announcements', 'public');
  await say(ada, channel, 'The garden gate has a new code. Ask at the desk.');
  const { conversation_id: empty } = await chiara.createDirect(idOf(ada));
  await say(chiara, empty, 'Do you have the keys?');
  const { conversation_id: long } = await ben.createGroup(LONG_NAME, [idOf(ada), idOf(noor)]);
  await say(noor, long, 'مرحبا بالجميع، متى الاجتماع القادم؟');
  const { conversation_id: busy } = await chiara.createGroup('Market stall', [idOf(ada), idOf(ben)]);
  const { conversation_id: group } = await ben.createGroup('Sunday walk', [idOf(ada), idOf(chiara), idOf(noor)]);
  await talkInGroup(people, group);
  const { conversation_id: direct } = await ben.createDirect(idOf(ada));
  await talkInDirect(people, direct);
  for (let number = 1; number <= unread; number += 1)
    await say(
      number % 3 === 0 ? ben : chiara,
      busy,
      `Crate ${number} is packed: ${number * 3} jars and a note on top.`,
    );
  await ada.api.call(ROUTES.updateSettings, { params: { conversation_id: direct }, body: { pinned: true } });
  await ada.api.call(ROUTES.updateSettings, {
    params: { conversation_id: long },
    body: { muted_until: 4_102_444_800_000 },
  });
  return {
    people,
    direct,
    group,
    channel,
    long,
    busy,
    close: async () => void (await Promise.all(Object.values(people).map((client) => client.close()))),
  };
}

/** Says it and waits until it has its place; resolves to that place. */
export async function say(client: Client, id: ConversationId, text: string, replyTo?: number): Promise<number> {
  await until(client, () => client.store.getSnapshot().conversations[id] !== undefined);
  const row = await client.send(id, replyTo === undefined ? { text } : { text, reply_to: replyTo });
  const last = () => client.store.getSnapshot().conversations[id]?.resource.last_message;
  await until(client, () => !client.store.getSnapshot().outbox.some((other) => other.clientMsgId === row.clientMsgId));
  return last()?.seq ?? 0;
}

/** So many that the outbox stays short: each acknowledgement looks through what still waits. */
const FLOOD_STEP = 250;

/** Says a lot, as fast as the server takes it; resolves when all of it has its place. */
export async function flood(
  client: Client,
  id: ConversationId,
  count: number,
  textOf: (number: number) => string,
): Promise<void> {
  for (let said = 0; said < count; said += FLOOD_STEP) {
    const step = Array.from({ length: Math.min(FLOOD_STEP, count - said) }, (_, index) => textOf(said + index + 1));
    // A row comes into the outbox a moment after it was asked for: until then an empty outbox says nothing.
    await Promise.all(step.map((text) => client.send(id, { text })));
    await until(client, () => client.store.getSnapshot().outbox.length === 0, 60_000);
  }
}

async function talkInGroup({ ada, ben, chiara, noor }: Scene['people'], id: ConversationId): Promise<void> {
  await say(ben, id, 'Who is in for Sunday? The forecast says dry until four.');
  const asked = await say(
    ben,
    id,
    'I would start at the old station at **9:30** and take the ridge path:\n\n- station to chapel, 4 km\n- chapel to lake, 6 km\n- bus back at 16:10',
  );
  await say(chiara, id, 'In! I bring coffee and the blue blanket.');
  await say(noor, id, 'أنا أيضا، سأحضر التمر والفواكه');
  const seq = await say(
    ada,
    id,
    'Count me in. The map is at https://maps.example.org/ridge-path?from=station — the bridge is open again.',
    asked,
  );
  await chiara.react(id, seq, '🎉', 'added');
  await noor.react(id, seq, '🎉', 'added');
  await ben.react(id, seq, '👍', 'added');
  await ben.send(id, { text: '@Ada Sandberg can you take the first aid kit?', mentions: [idOf(ada)] });
}

async function talkInDirect({ ada, ben }: Scene['people'], id: ConversationId): Promise<void> {
  await say(ben, id, 'Morning! Did the deploy go through?');
  await say(ada, id, 'Yes, at 8:12. One flag was missing, this fixed it:');
  await say(ada, id, '```\nnpm run release -- --channel=stable --notes=CHANGELOG.md --verify-signatures\n```');
  const praised = await say(ben, id, 'Beautiful. `--verify-signatures` should be the default, honestly.');
  await ada.react(id, praised, '❤️', 'added');
  await say(ben, id, '😄');
  const gone = await say(ben, id, 'Wrong window, sorry');
  await ben.delete(id, gone, 'everyone');
  const edited = await say(ada, id, 'Lunch at teh usual place?');
  await ada.edit(id, edited, { text: 'Lunch at the usual place?' });
  await say(
    ben,
    id,
    'Twelve sharp. I will save you the seat by the window, and this time I really mean it: last time somebody had put a plant on it, and nobody wanted to move the plant.',
  );
  await say(ada, id, '> somebody had put a plant on it\n\nThat was *me*. ~~Sorry~~ Not sorry.');
}
