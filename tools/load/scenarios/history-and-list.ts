import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type HttpTimes, timeRequests } from '../measure/http-times.ts';
import { startServer } from '../server-process.ts';
import { makeWorld } from '../world/world.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Requests before the measured ones: code is compiled and the hot pages are in memory. */
const WARM_UP = 300;
const PAGE = 50;
const LIST = 20;

function addTimes({ book }: Stage, id: string, label: string, { us, perSecond, bytesMean }: HttpTimes): void {
  book.addQuantiles(id, label, us.quantiles());
  book.add(`${id}.rate`, `${label}, rate`, '/s', 'more', perSecond);
  book.add(`${id}.bytes`, `${label}, answer`, 'B', 'neither', bytesMean);
}

async function run(stage: Stage): Promise<void> {
  const { book, settings, progress } = stage;
  const conversations = stage.number('conversations', 1_000);
  const messages = stage.number('messages', 200_000);
  const requests = stage.number('requests', 3_000);
  const atOnce = stage.number('at-once', 1);
  const perConversation = Math.max(1, Math.round(messages / conversations));
  const fillFrom = performance.now();
  const world = await makeWorld(
    stage.directory,
    {
      people: conversations + 1,
      // Person 0 has all of them: the list that is measured.
      directs: Array.from({ length: conversations }, (_, other) => [0, other + 1] as const),
      messagesPerDirect: perConversation,
      messageBytes: settings.textBytes,
    },
    (line) => progress.show(line),
  );
  const filled = perConversation * conversations;
  book.add(
    'fill',
    `filling the store with ${filled} messages`,
    'messages/s',
    'neither',
    (filled * 1_000) / (performance.now() - fillFrom),
  );
  book.add('store', 'size of the store', 'MiB', 'neither', statSync(join(stage.directory, 'parley.db')).size / 2 ** 20);
  const server = await startServer(stage.directory);
  try {
    const token = world.people[0]?.token ?? '';
    const randomPlace = (): { path: string; token: string } => {
      const id = world.directs[Math.floor(Math.random() * world.directs.length)];
      const before = 2 + Math.floor(Math.random() * perConversation);
      return { path: `/conversations/${id}/messages?limit=${PAGE}&before_seq=${before}`, token };
    };
    const list = (limit: number) => () => ({ path: `/conversations?limit=${limit}`, token });
    for (const next of [randomPlace, list(LIST)]) await timeRequests(server.url, { count: WARM_UP, atOnce }, next);
    for (let round = 1; round <= settings.rounds; round += 1) {
      progress.show(`round ${round}, ${requests} pages of history and of the list`);
      const counted = { count: requests, atOnce };
      addTimes(stage, 'history', `history page of ${PAGE}`, await timeRequests(server.url, counted, randomPlace));
      addTimes(
        stage,
        'list',
        `first ${LIST} of ${conversations} conversations`,
        await timeRequests(server.url, counted, list(LIST)),
      );
    }
    book.add('memory', 'server resident', 'MiB', 'less', server.residentBytes() / 2 ** 20);
  } finally {
    await server.stop('SIGTERM');
  }
}

export const historyAndList: Scenario = {
  name: 'B9',
  title: 'history and list',
  about:
    'Pages of 50 messages at random places of random conversations, and the first page of the conversation list, over HTTP on kept-alive connections; from the call to the last byte. The messages of a conversation lie all over the store, as if all had talked at the same time. --messages 10000000 and --conversations 100000 for the large stores.',
  run,
};
