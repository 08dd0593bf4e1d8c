import { ApiError, type Client, explainConnection, inEnglish, timeline } from '@parley/client';
import type { Questions } from './questions.ts';
import { Talk } from './talk.ts';
import { readTypedCommand } from './typed-command.ts';
import { harmless, nameOfConversation, type TimelineLine, timelineLine, waitingLine } from './words.ts';

const FLUSH_DEADLINE_MS = 5_000;

const say = (line: string): void => void process.stdout.write(`${harmless(line)}\n`);

const written = (line: TimelineLine): string =>
  [
    line.seq === undefined ? '' : `#${line.seq}`,
    line.time,
    line.who === '' ? '' : `${line.who}:`,
    line.text,
    line.marks,
  ]
    .filter((part) => part !== '')
    .join(' ');

/** Shows each line of the open conversation once, and again when it changed (a tick, an edit, a reaction); and what of it waits or was refused. */
class LinePrinter {
  readonly #client: Client;
  readonly #talk: Talk;
  #shown = new Map<string, string>();
  #openId: string | undefined;

  constructor(client: Client, talk: Talk) {
    this.#client = client;
    this.#talk = talk;
  }

  update(): void {
    const { openId } = this.#talk;
    const state = this.#client.store.getSnapshot();
    const conversation = openId === undefined ? undefined : state.conversations[openId];
    if (openId === undefined || conversation === undefined) return;
    if (openId !== this.#openId) {
      this.#openId = openId;
      this.#shown = new Map();
      say(`== ${nameOfConversation(conversation)} ==`);
    }
    const view = timeline(state, openId);
    const items = view?.items ?? [];
    for (const item of items) {
      const line = timelineLine(state, item, items, Date.now());
      this.#show(line.key, written(line));
    }
    for (const row of view?.pending ?? []) {
      const line = waitingLine(row, state.status.kind === 'live');
      if (line !== undefined) this.#show(row.clientMsgId, line);
    }
    this.#talk.readAll();
  }

  #show(key: string, text: string): void {
    if (this.#shown.get(key) === text) return;
    this.#shown.set(key, text);
    say(text);
  }
}

/** Resolves when nothing of the outbox is pending, or after a while without. */
async function outboxEmpty(client: Client): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (!client.store.getSnapshot().outbox.some((row) => row.state.kind === 'pending')) resolve();
  };
  const stop = client.store.subscribe(look);
  const timer = setTimeout(resolve, FLUSH_DEADLINE_MS);
  look();
  await promise;
  clearTimeout(timer);
  stop();
}

/** Lines in, lines out: for pipes and scripts, and for terminals that can do no more. */
export async function talkInLines(client: Client, questions: Questions): Promise<void> {
  const talk = new Talk(client, () => Date.now());
  const printer = new LinePrinter(client, talk);
  let status = '';
  const stop = client.store.subscribe(() => {
    const sentence = inEnglish(explainConnection(client.store.getSnapshot().status, Date.now()));
    if (sentence !== status) say(`* ${sentence}`);
    status = sentence;
    printer.update();
  });
  for (let line = await questions.next(); line !== undefined; line = await questions.next()) {
    try {
      const answer = await talk.run(readTypedCommand(line));
      if (answer === 'quit') break;
      for (const text of answer) say(text);
      printer.update();
    } catch (error) {
      // What the SDK refuses is a sentence; anything else is ours and ends the program.
      if (!(error instanceof ApiError) && !(error instanceof RangeError)) throw error;
      say(error.message);
    }
  }
  await outboxEmpty(client);
  stop();
}
