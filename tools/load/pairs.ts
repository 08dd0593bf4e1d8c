import { randomUUID } from 'node:crypto';
import type { ConversationId } from '@parley/protocol';
import { registerPeople, startDirect } from './people.ts';
import { openWireClient, type WireClient } from './wire-client.ts';

export interface PairsResult {
  readonly messages: number;
  readonly seconds: number;
  /** From sending to the acknowledgement, in ms. */
  readonly acknowledgedMs: readonly number[];
  /** From sending to the partner's connection, in ms. */
  readonly deliveredMs: readonly number[];
}

const TEXT = 'x'.repeat(200);

/** One client of a pair: a message in flight; the next leaves when it is acknowledged and has arrived at the partner. */
class Talker {
  readonly #client: WireClient;
  readonly #conversationId: ConversationId;
  readonly #result: { messages: number; acknowledgedMs: number[]; deliveredMs: number[] };
  readonly #sentAt = { key: '', at: 0, open: 0 };
  #id = 10;
  measuring = false;
  running = true;

  constructor(
    client: WireClient,
    conversationId: ConversationId,
    result: { messages: number; acknowledgedMs: number[]; deliveredMs: number[] },
  ) {
    this.#client = client;
    this.#conversationId = conversationId;
    this.#result = result;
  }

  send(): void {
    if (!this.running) return;
    this.#id += 1;
    Object.assign(this.#sentAt, { key: randomUUID(), at: performance.now(), open: 2 });
    this.#client.send({
      type: 'send_message',
      id: this.#id,
      client_msg_id: this.#sentAt.key,
      conversation_id: this.#conversationId,
      content: { text: TEXT },
    });
  }

  acknowledged(): void {
    if (this.measuring) this.#result.acknowledgedMs.push(performance.now() - this.#sentAt.at);
    this.#step();
  }

  arrived(key: string): void {
    if (key !== this.#sentAt.key) return;
    if (this.measuring) this.#result.deliveredMs.push(performance.now() - this.#sentAt.at);
    this.#step();
  }

  #step(): void {
    this.#sentAt.open -= 1;
    if (this.#sentAt.open > 0) return;
    if (this.measuring) this.#result.messages += 1;
    this.send();
  }
}

/**
 * 200-byte messages between `clientCount` people in pairs, one in flight each, every one acknowledged when durable and delivered to the partner.
 * Throws when a command is refused: a figure is only given for a run without errors.
 */
export async function runPairs(
  url: string,
  clientCount: number,
  warmUpMs: number,
  durationMs: number,
): Promise<PairsResult> {
  const people = await registerPeople(url, clientCount, () => undefined);
  const result = { messages: 0, acknowledgedMs: [] as number[], deliveredMs: [] as number[] };
  const talkers: Talker[] = [];
  const clients: WireClient[] = [];
  let problem: string | undefined;
  for (let index = 0; index + 1 < people.length; index += 2) {
    const pair = people.slice(index, index + 2);
    const [one, other] = pair;
    if (one === undefined || other === undefined) break;
    const conversationId = await startDirect(url, one, other);
    const both = await Promise.all(pair.map((person) => openWireClient(url, person)));
    const pairTalkers = both.map((client) => new Talker(client, conversationId, result));
    both.forEach((client, side) => {
      client.onFrame = (frame) => {
        if (frame.type === 'msg_ack') pairTalkers[side]?.acknowledged();
        else if (frame.type === 'new_message') pairTalkers[1 - side]?.arrived(frame.client_msg_id);
        else if (frame.type === 'error') problem ??= `${frame.code}: ${frame.detail}`;
      };
    });
    clients.push(...both);
    talkers.push(...pairTalkers);
  }
  for (const talker of talkers) talker.send();
  await new Promise((resolve) => setTimeout(resolve, warmUpMs));
  for (const talker of talkers) talker.measuring = true;
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const seconds = (performance.now() - startedAt) / 1_000;
  const messages = result.messages;
  for (const talker of talkers) talker.running = talker.measuring = false;
  for (const client of clients) client.close();
  if (problem !== undefined) throw new Error(`The server refused a command during the measurement: ${problem}`);
  return { ...result, messages, seconds };
}
