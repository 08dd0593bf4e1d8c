import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId, LogEntry } from '@parley/protocol';
import { API_PREFIX } from '@parley/protocol';
import { type Person, registerPeople, startDirect } from '../load/people.ts';
import { type ServerProcess, startServer } from '../load/server-process.ts';
import { openWireClient } from '../load/wire-client.ts';

export interface KillsResult {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged, but not in the log with the acknowledged seq. */
  readonly lost: number;
  /** A client_msg_id that is in the log more than once. */
  readonly duplicated: number;
  /** A seq missing between 1 and the head. */
  readonly gaps: number;
  /** Sent, never acknowledged, and in the log all the same: allowed, once. */
  readonly storedUnacknowledged: number;
}

interface Sender {
  readonly person: Person;
  readonly conversationId: ConversationId;
  /** client_msg_id → acknowledged seq. */
  readonly acknowledged: Map<string, number>;
  readonly pending: Map<string, string>;
}

const IN_FLIGHT = 4;

/** Sends until the connection breaks; what was not acknowledged stays pending and is sent again with the same key in the next life of the server. */
async function talk(url: string, sender: Sender): Promise<() => void> {
  const client = await openWireClient(url, sender.person);
  let id = 10;
  const send = (key: string, text: string): void => {
    id += 1;
    client.send({
      type: 'send_message',
      id,
      client_msg_id: key,
      conversation_id: sender.conversationId,
      content: { text },
    });
  };
  const next = (): void => {
    const key = randomUUID();
    const text = `message ${key}`;
    sender.pending.set(key, text);
    send(key, text);
  };
  client.onFrame = (frame) => {
    if (frame.type !== 'msg_ack' || frame.seq === undefined) return;
    sender.acknowledged.set(frame.client_msg_id, frame.seq);
    sender.pending.delete(frame.client_msg_id);
    next();
  };
  for (const [key, text] of sender.pending) send(key, text);
  for (let missing = IN_FLIGHT - sender.pending.size; missing > 0; missing -= 1) next();
  return () => client.close();
}

async function readLog(url: string, sender: Sender): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after = 0; ; ) {
    const response = await fetch(
      `${url}${API_PREFIX}/conversations/${sender.conversationId}/entries?after_seq=${after}&limit=100`,
      {
        headers: { authorization: `Bearer ${sender.person.accessToken}` },
      },
    );
    if (!response.ok) throw new Error(`The log was refused with ${response.status}: ${await response.text()}`);
    // The cast holds as far as the server keeps its schemas, which its own tests check.
    const page = (await response.json()) as { entries: LogEntry[]; covered_up_to: number; head_seq: number };
    entries.push(...page.entries);
    if (page.covered_up_to >= page.head_seq) return entries;
    after = page.covered_up_to;
  }
}

/** Checks one conversation against what its two senders were told. */
function judge(entries: readonly LogEntry[], senders: readonly Sender[]): Omit<KillsResult, 'kills' | 'acknowledged'> {
  const seqOf = new Map<string, number[]>();
  for (const entry of entries) {
    if (entry.type === 'new_message')
      seqOf.set(entry.client_msg_id, [...(seqOf.get(entry.client_msg_id) ?? []), entry.seq]);
  }
  const acknowledged = senders.flatMap((sender) => [...sender.acknowledged]);
  const known = new Set(acknowledged.map(([key]) => key));
  return {
    lost: acknowledged.filter(([key, seq]) => !(seqOf.get(key) ?? []).includes(seq)).length,
    duplicated: [...seqOf.values()].filter((places) => places.length > 1).length,
    gaps: entries.filter((entry, index) => entry.seq !== index + 1).length,
    storedUnacknowledged: [...seqOf.keys()].filter((key) => !known.has(key)).length,
  };
}

/** Waits for a random moment between the limits; the choice only spreads the kills. */
const someTime = (minMs: number, maxMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, minMs + Math.random() * (maxMs - minMs)));

/**
 * A real server process under load is killed with SIGKILL `kills` times at random moments and started again on the same data; then every log is
 * read and compared with every acknowledgement that a client ever saw, by client_msg_id.
 */
export async function runKills(
  kills: number,
  onProgress: (done: number, acknowledged: number) => void,
): Promise<KillsResult> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-kills-'));
  let server: ServerProcess = await startServer(directory);
  try {
    const people = await registerPeople(server.url, 8, () => undefined);
    const pairs: Sender[][] = [];
    for (let index = 0; index + 1 < people.length; index += 2) {
      const pair = people.slice(index, index + 2);
      const [one, other] = pair;
      if (one === undefined || other === undefined) break;
      const conversationId = await startDirect(server.url, one, other);
      pairs.push(pair.map((person) => ({ person, conversationId, acknowledged: new Map(), pending: new Map() })));
    }
    const senders = pairs.flat();
    const total = (): number => senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0);
    for (let done = 0; done < kills; done += 1) {
      const closers = await Promise.all(senders.map((sender) => talk(server.url, sender)));
      await someTime(50, 400);
      await server.stop('SIGKILL');
      for (const close of closers) close();
      server = await startServer(directory);
      onProgress(done + 1, total());
    }
    const verdicts: ReturnType<typeof judge>[] = [];
    for (const pair of pairs) {
      const [first] = pair;
      if (first !== undefined) verdicts.push(judge(await readLog(server.url, first), pair));
    }
    const sum = (field: keyof (typeof verdicts)[number]): number =>
      verdicts.reduce((all, verdict) => all + verdict[field], 0);
    return {
      kills,
      acknowledged: total(),
      lost: sum('lost'),
      duplicated: sum('duplicated'),
      gaps: sum('gaps'),
      storedUnacknowledged: sum('storedUnacknowledged'),
    };
  } finally {
    await server.stop('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  }
}
