import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SubprotocolName } from '@parley/protocol';
import { Fleet, processesFor } from '../driver/fleet.ts';
import { startServer } from '../server-process.ts';
import { makeWorld, type World } from '../world/world.ts';
import { measure } from './measurement.ts';
import { neighbourhood } from './neighbours.ts';
import type { Scenario, Stage } from './scenario.ts';

const CLIENTS = 100;
const CONVERSATIONS = 1_000;
const BLOCK = 50;
const IN_FLIGHT = 8;
/** Texts of chats have about 68 characters on average; 200 is the round figure that stores are compared with. */
const SHORT_TEXT_BYTES = 68;
const LONG_TEXT_BYTES = 200;

/** Bytes in use in the database file, free pages not counted, after a stop has folded the write-ahead log into it. */
function storedBytes(directory: string): number {
  const database = new DatabaseSync(join(directory, 'parley.db'), { readOnly: true });
  try {
    const row = database
      .prepare(
        'SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s',
      )
      .get();
    return Number(row?.bytes);
  } finally {
    database.close();
  }
}

interface Traffic {
  readonly messages: number;
  readonly bytesIn: number;
}

/** Sends for a while and stops the server. */
async function send(
  { directory, progress }: Stage,
  world: World,
  {
    codec,
    textBytes,
    durationMs,
  }: { readonly codec: SubprotocolName; readonly textBytes: number; readonly durationMs: number },
): Promise<Traffic> {
  const server = await startServer(directory);
  const fleet = new Fleet(processesFor(CLIENTS));
  try {
    await fleet.open(
      neighbourhood(CLIENTS, CONVERSATIONS, BLOCK).seats(world),
      { url: server.url, codec, textBytes },
      BLOCK,
    );
    const times = { name: `${codec}, ${textBytes} bytes`, warmUpMs: 0, durationMs, progress };
    const { tally } = await measure(fleet, { kind: 'closed', inFlight: IN_FLIGHT }, [server.pid], times);
    // What was on the way at the end was stored too, and its answers were read after the count of bytes.
    return { messages: tally.sent, bytesIn: tally.bytesIn / tally.acknowledged };
  } finally {
    fleet.end();
    await server.stop('SIGTERM');
  }
}

/** The same short messages in both encodings. */
async function measureWire(stage: Stage, world: World): Promise<void> {
  const { book, settings } = stage;
  const short = { textBytes: SHORT_TEXT_BYTES, durationMs: settings.durationMs / 4 };
  const binary = await send(stage, world, { codec: 'binary', ...short });
  const json = await send(stage, world, { codec: 'json', ...short });
  const label = `acknowledgement and delivery, text of ${SHORT_TEXT_BYTES} bytes`;
  book.add('wire.binary', `${label}, binary`, 'B', 'less', binary.bytesIn);
  book.add('wire.json', `${label}, JSON`, 'B', 'less', json.bytesIn);
  book.add('wire.saved', 'wire below JSON', '%', 'more', (1 - binary.bytesIn / json.bytesIn) * 100);
}

async function run(stage: Stage): Promise<void> {
  const { book } = stage;
  const world = await makeWorld(stage.directory, neighbourhood(CLIENTS, CONVERSATIONS, BLOCK).plan);
  const { durationMs } = stage.settings;
  // --wire 0: the store alone.
  if (stage.number('wire', 1) > 0) await measureWire(stage, world);
  const before = storedBytes(stage.directory);
  const long = await send(stage, world, { codec: 'binary', textBytes: LONG_TEXT_BYTES, durationMs });
  const grown = (storedBytes(stage.directory) - before) / long.messages;
  book.add(
    'store.message',
    `bytes in the store a message of ${LONG_TEXT_BYTES} bytes, all indexes counted`,
    'B',
    'less',
    grown,
  );
  book.add('store.ratio', 'store to text', '×', 'less', grown / LONG_TEXT_BYTES);
  book.add('store.messages', 'messages stored for this', '', 'neither', long.messages);
}

export const bytes: Scenario = {
  name: 'B11',
  title: 'bytes',
  about:
    '100 clients in 1,000 direct conversations. Wire: what clients read for a message, its acknowledgement and its delivery with WebSocket headers, counted on the sockets. Store: growth of the database file without free pages, the server stopped before and after.',
  run,
};
