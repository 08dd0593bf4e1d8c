import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, timeline } from '@parley/client';
import { FileOutboxStorage, FileStateStorage, FileTokenStorage } from '@parley/client/node';
import { type ConversationId, type LogEntry, ROUTES } from '@parley/protocol';
import { type ServerChild, startServerChild } from './server-child.ts';

const TALK = [
  ['Anna', 'Are you there?'],
  ['Ben', 'Yes. What is new?'],
  ['Anna', 'I will pull the plug of our server in a moment.'],
  ['Ben', 'While we write?'],
  ['Anna', 'In the middle of a word, so to speak.'],
] as const;
/** Enough that the kill finds some of them on their way. */
const BURST = 200;
const DEADLINE_MS = 20_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Resolves when the condition holds; throws a sentence when it does not within the deadline. */
function until(client: Client, what: string, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`The demonstration failed: ${what} did not happen within ${DEADLINE_MS / 1_000} s.`));
    }, DEADLINE_MS);
    const stop = client.store.subscribe(() => {
      if (!condition()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}

async function openPerson(name: string, url: string, folder: string): Promise<Client> {
  const client = await createClient({
    url,
    tokens: await FileTokenStorage.open(join(folder, `${name}-tokens`)),
    storage: await FileStateStorage.open(join(folder, `${name}-state`)),
    outbox: await FileOutboxStorage.open(join(folder, `${name}-outbox`)),
  });
  await client.register({
    name,
    username: name.toLowerCase(),
    password: 'only for this demonstration',
    device_name: 'demo',
  });
  client.connect();
  await until(client, `${name} being connected`, () => client.store.getSnapshot().status.kind === 'live');
  return client;
}

const textsOf = (client: Client, id: ConversationId): readonly string[] =>
  (timeline(client.store.getSnapshot(), id)?.items ?? []).flatMap((item) =>
    item.kind === 'message' ? [item.message.content?.text ?? ''] : [],
  );

const isOutboxEmpty = (client: Client): boolean => client.store.getSnapshot().outbox.length === 0;

async function wholeLog(client: Client, id: ConversationId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after = 0; ; ) {
    const page = await client.api.call(ROUTES.listEntries, {
      params: { conversation_id: id },
      query: { after_seq: after, limit: 100 },
    });
    entries.push(...page.entries);
    if (page.covered_up_to >= page.head_seq) return entries;
    after = page.covered_up_to;
  }
}

/** Notes every acknowledgement that a person's device saw. */
function noteAcknowledgements(client: Client): Map<string, number> {
  const acknowledged = new Map<string, number>();
  client.store.subscribe(() => {
    for (const row of client.store.getSnapshot().outbox)
      if (row.state.kind === 'stored') acknowledged.set(row.clientMsgId, row.state.seq);
  });
  return acknowledged;
}

async function smallTalk(people: Readonly<Record<'Anna' | 'Ben', Client>>, id: ConversationId): Promise<void> {
  for (const [who, text] of TALK) {
    await people[who].send(id, { text });
    for (const client of Object.values(people))
      await until(client, `“${text}” arriving`, () => textsOf(client, id).includes(text));
    say(`  #${textsOf(people.Anna, id).length}  ${who}: ${text}  ✓✓`);
  }
}

/** Compares the log with what was acknowledged before the kill, and the two screens with each other. */
async function judge(
  [anna, ben]: readonly [Client, Client],
  id: ConversationId,
  before: readonly ReadonlyMap<string, number>[],
): Promise<boolean> {
  const log = await wholeLog(anna, id);
  const messages = log.filter((entry) => entry.type === 'new_message');
  const placeOf = new Map(messages.map((entry) => [entry.client_msg_id, entry.seq]));
  const kept = before.flatMap((map) => [...map]);
  const lost = kept.filter(([key, seq]) => placeOf.get(key) !== seq).length;
  const doubled = messages.length - placeOf.size;
  const gaps = log.filter((entry, index) => entry.seq !== index + 1).length;
  const missing = 2 * BURST + TALK.length - messages.length;
  const sameOrder = JSON.stringify(textsOf(anna, id)) === JSON.stringify(textsOf(ben, id));
  say(`  Acknowledged before the kill: ${kept.length}, lost: ${lost}.`);
  say(`  All messages: ${messages.length}, doubled: ${doubled}, missing: ${missing}, gaps in the numbering: ${gaps}.`);
  say(`  Both see the same order: ${sameOrder ? 'yes' : 'no'}.`);
  return lost + doubled + gaps + missing === 0 && sameOrder;
}

/** `parley demo`: two people, a server killed in the middle of their talk, and the proof that nothing is missing. Exit code 0 only then. */
export async function demo(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    say(
      'parley demo takes no arguments: it starts a server of its own in a temporary folder, kills it, starts it again and shows that nothing was lost.',
    );
    return args.includes('--help') ? 0 : 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  let server: ServerChild | undefined;
  const clients: Client[] = [];
  try {
    say('Starting a server in a temporary folder …');
    server = await startServerChild(join(folder, 'data'), 0);
    const { url, pid } = server;
    say(`It runs at ${url} (process ${pid}). Anna and Ben make accounts and begin to talk:`);
    const people = { Anna: await openPerson('Anna', url, folder), Ben: await openPerson('Ben', url, folder) };
    clients.push(people.Anna, people.Ben);
    const acknowledged = clients.map(noteAcknowledgements);
    const ben = people.Ben.store.getSnapshot().me?.user_id;
    if (ben === undefined) throw new Error('The demonstration failed: Ben has no account.');
    const { conversation_id: id } = await people.Anna.createDirect(ben);
    await until(
      people.Ben,
      'Ben seeing the conversation',
      () => people.Ben.store.getSnapshot().conversations[id] !== undefined,
    );
    for (const client of clients) await client.openConversation(id);
    await smallTalk(people, id);

    say(
      `Both now write ${BURST} messages at once. The server is killed in between (SIGKILL, no time to say goodbye) …`,
    );
    const writing = clients.map(async (client, person) => {
      for (let number = 1; number <= BURST; number += 1)
        await client.send(id, { text: `${person === 0 ? 'Anna' : 'Ben'} ${number}` });
    });
    await until(
      people.Anna,
      'some of the burst being acknowledged',
      () => (acknowledged[0]?.size ?? 0) > TALK.length + 20,
    );
    await server.end('SIGKILL');
    await Promise.all(writing);
    const waiting = clients.map(
      (client) => client.store.getSnapshot().outbox.filter((row) => row.state.kind === 'pending').length,
    );
    const before = acknowledged.map((map) => new Map(map));
    say(
      `  The server is dead. Acknowledged so far: ${before[0]?.size} of Anna, ${before[1]?.size} of Ben. Waiting on their devices: ${waiting.join(' and ')}.`,
    );

    say('Starting it again on the same data; the devices come back by themselves …');
    server = await startServerChild(join(folder, 'data'), Number(new URL(url).port));
    for (const client of clients) await until(client, 'the outbox emptying', () => isOutboxEmpty(client));

    const isWhole = await judge([people.Anna, people.Ben], id, before);
    say(isWhole ? 'Nothing was lost.' : 'Something was lost: this must not happen, please report it.');
    return isWhole ? 0 : 1;
  } finally {
    for (const client of clients) await client.close();
    await server?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
}
