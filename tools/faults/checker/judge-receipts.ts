import { conversationKindOf, type UserId } from '@parley/protocol';
import type { HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';
import { Privacy } from './privacy.ts';
import { isMember, lastLogs, type Truth } from './truth.ts';

/** A look at who may know, and the telling, take their time. */
const HIDDEN_AFTER_MS = 15_000;

/** I7: cursors never go back, read ≤ delivered ≤ head, none without a cause, no read mark is lost, and nothing is told of what somebody does not share. */
export function judgeReceipts(history: readonly HistoryLine[], report: Report): void {
  const logs = lastLogs(history);
  const causes = new Causes(logs, history);
  const cursors = new Map<string, number>();
  history.forEach((line, index) => {
    causes.take(line, index);
    if (line.type === 'presence') judgePresence(line, causes.privacy, index, report);
    if (line.type === 'receipt') judgeReceipt(line, logs, causes, index, report);
    if (line.type !== 'glimpse' && line.type !== 'view') return;
    if (line.read > line.delivered)
      report(
        'I7',
        index,
        `${line.device} has read ${line.conversation} up to ${line.read}, delivered up to ${line.delivered}`,
      );
    if (line.readByAll > line.deliveredToAll)
      report(
        'I7',
        index,
        `${line.device} shows ${line.conversation} as read by all up to ${line.readByAll}, delivered up to ${line.deliveredToAll}`,
      );
    if (line.type !== 'view') return;
    judgeMonotone(line, cursors, index, report);
    const truth = logs.get(line.conversation)?.truth;
    if (truth === undefined || !isMember(truth, line.user)) return;
    if (line.read > line.head) report('I7', index, `${line.device} has read beyond the head of ${line.conversation}`);
    const marked = causes.marked(line.user, line.conversation);
    if (marked > line.read)
      report(
        'I7',
        index,
        `${line.user} had read ${line.conversation} up to ${marked}; ${line.device} says ${line.read}`,
      );
    judgeAll(line, truth, causes, index, report);
  });
}

/** Views of the same stay: who joins anew begins at the head of that moment, which lies further on. */
function judgeMonotone(line: LineOf<'view'>, cursors: Map<string, number>, index: number, report: Report): void {
  for (const cursor of ['delivered', 'read'] as const) {
    const id = `${line.device} ${line.conversation} ${cursor}`;
    if (line[cursor] < (cursors.get(id) ?? 0))
      report('I7', index, `"${cursor}" of ${line.device} in ${line.conversation} went back to ${line[cursor]}`);
    cursors.set(id, line[cursor]);
  }
}

function judgePresence(line: LineOf<'presence'>, privacy: Privacy, index: number, report: Report): void {
  const since = privacy.hiddenSince(line.user, 'last_seen');
  if (!line.isTelling || since === undefined || line.at - since < HIDDEN_AFTER_MS || userOf(line.device) === line.user)
    return;
  report('I7', index, `${line.device} was told how ${line.user} is, who has hidden that`);
}

function judgeReceipt(
  line: LineOf<'receipt'>,
  logs: ReadonlyMap<string, { truth: Truth }>,
  causes: Causes,
  index: number,
  report: Report,
): void {
  const truth = logs.get(line.conversation)?.truth;
  if (truth === undefined) return;
  if (conversationKindOf(line.conversation) === 'channel')
    report('I7', index, `${line.device} was told of a receipt of ${line.user} in the channel ${line.conversation}`);
  const { conversation, delivered, read } = line;
  if (delivered > truth.log.head)
    report('I7', index, `a receipt names ${delivered} of ${conversation}, beyond its head`);
  if (read > delivered)
    report('I7', index, `a receipt says that ${line.user} has read ${read} of ${conversation}, delivered ${delivered}`);
  for (const [kind, all, upTo, did] of [
    ['delivered', line.deliveredByAll, delivered, causes.delivered(line.user, conversation)],
    ['read', line.readByAll, read, causes.shared(line.user, conversation)],
  ] as const) {
    if (all > upTo)
      report(
        'I7',
        index,
        `a receipt says that all have ${kind} ${all} of ${conversation}, one of its users only ${upTo}`,
      );
    const cause = throughErased(truth, did);
    if (upTo > cause)
      report(
        'I7',
        index,
        `${line.device} was told that ${line.user} has ${kind} ${upTo} of ${conversation}; ${cause} is what they have and share`,
      );
  }
}

/** Of an erased place nobody can say any more who wrote it, and so had read up to it. */
function throughErased({ entries, log }: Truth, place: number): number {
  let seq = place;
  while (seq < log.head && !entries.has(seq + 1)) seq += 1;
  return seq;
}

/** What a device says of all others is not more than each of them did. */
function judgeAll(line: LineOf<'view'>, truth: Truth, causes: Causes, index: number, report: Report): void {
  if (conversationKindOf(line.conversation) === 'channel') return;
  for (const user of truth.stays.keys()) {
    if (user === line.user || !isMember(truth, user)) continue;
    const read = throughErased(truth, causes.shared(user, line.conversation));
    const delivered = throughErased(truth, causes.delivered(user, line.conversation));
    if (line.readByAll > read)
      report(
        'I7',
        index,
        `${line.device} shows ${line.readByAll} of ${line.conversation} as read by all; ${user} read ${read}, as far as that is shared`,
      );
    if (line.deliveredToAll > delivered)
      report(
        'I7',
        index,
        `${line.device} shows ${line.deliveredToAll} of ${line.conversation} as delivered to all; ${user} has ${delivered}`,
      );
  }
}

/** How far each user can be said to be, by what the user's devices did. */
class Causes {
  readonly #read = new Map<string, number>();
  /** Of that, what others may be told: writing is seen by all, reading only when it is shared (RCPT-4, SEND-11). */
  readonly #shared = new Map<string, number>();
  readonly privacy = new Privacy();
  readonly #delivered = new Map<string, number>();
  /** Read marks that no kill has taken back. */
  #fresh: LineOf<'invoke'>[] = [];
  #settled: readonly LineOf<'invoke'>[] = [];
  readonly #viewing = new Set<string>();
  /** When each device first had a state that it can write down: before that it has nothing to begin with after a kill. */
  readonly #begunAt = new Map<string, number>();

  constructor(logs: ReadonlyMap<string, { readonly truth: Truth }>, history: readonly HistoryLine[]) {
    // Writing reads (SEND-11), and joining begins at the head.
    for (const [conversation, { truth }] of logs)
      for (const entry of truth.log.entries) {
        const isWrite = entry.key !== undefined;
        if (isWrite) this.#raiseBoth(`${entry.sender} ${conversation}`, entry.seq);
        for (const user of entry.type === 'member_added' ? (entry.users ?? []) : [])
          this.#raiseBoth(`${user} ${conversation}`, entry.seq);
        if (entry.type === 'conversation_created') this.#raiseBoth(`${entry.sender} ${conversation}`, entry.seq + 1);
      }
    for (const [conversation, { truth }] of logs)
      for (const user of truth.stays.keys()) this.#raiseBoth(`${user} ${conversation}`, 2);
    // Who wrote a message that was erased later is not in the log any more.
    for (const line of history)
      if (line.type === 'sent' && line.entry.key !== undefined)
        this.#raiseBoth(`${line.entry.sender} ${line.conversation}`, line.entry.seq);
  }

  #raiseBoth(key: string, to: number): void {
    raise(this.#read, key, to);
    raise(this.#shared, key, to);
  }

  take(line: HistoryLine, index: number): void {
    this.privacy.take(line, index);
    if (line.type === 'invoke' && line.verb === 'privacy' && line.text === 'read_receipts on')
      // What was marked before and is on its way is shared when it arrives.
      for (const [key, upTo] of this.#read) if (key.startsWith(`${line.user} `)) raise(this.#shared, key, upTo);
    if (line.type === 'invoke' && line.verb === 'read' && line.target !== undefined) {
      const key = `${line.user} ${line.conversation}`;
      raise(this.#read, key, line.target);
      if (this.privacy.hiddenSince(line.user, 'read_receipts') === undefined) raise(this.#shared, key, line.target);
      this.#fresh.push(line);
    }
    // A mark is kept when the device has had the time to write it down.
    if (line.type === 'synced' && !this.#begunAt.has(line.device)) this.#begunAt.set(line.device, line.at);
    if (line.type === 'killed') {
      const begunAt = this.#begunAt.get(line.device) ?? Number.POSITIVE_INFINITY;
      const savedAt = line.at - (line.savedWithinMs ?? SAVED_WITHIN_MS);
      this.#fresh = this.#fresh.filter(({ device, at }) => device !== line.device || Math.max(at, begunAt) < savedAt);
    }
    if (line.type === 'list') this.#viewing.add(line.device);
    if (line.type === 'settled') {
      this.#viewing.clear();
      this.#settled = this.#fresh;
    }
    if (line.type === 'shown') raise(this.#delivered, `${line.user} ${line.conversation}`, line.coveredUpTo);
    if (line.type === 'jumped') raise(this.#delivered, `${userOf(line.device)} ${line.conversation}`, line.head);
  }

  read(user: UserId, conversation: string): number {
    return this.#read.get(`${user} ${conversation}`) ?? 0;
  }
  shared(user: UserId, conversation: string): number {
    return this.#shared.get(`${user} ${conversation}`) ?? 0;
  }
  delivered(user: UserId, conversation: string): number {
    return Math.max(this.read(user, conversation), this.#delivered.get(`${user} ${conversation}`) ?? 0);
  }
  /** How far the user said to have read, on a device that is still there. */
  marked(user: UserId, conversation: string): number {
    return this.#settled
      .filter((mark) => mark.user === user && mark.conversation === conversation && this.#viewing.has(mark.device))
      .reduce((farthest, { target = 0 }) => Math.max(farthest, target), 0);
  }
}

/** A state is saved 100 ms after its change; a slow disk takes its time. */
const SAVED_WITHIN_MS = 1_000;

const raise = (table: Map<string, number>, key: string, to: number): void => {
  table.set(key, Math.max(to, table.get(key) ?? 0));
};

const userOf = (device: string): string => device.slice(0, device.indexOf(' '));
