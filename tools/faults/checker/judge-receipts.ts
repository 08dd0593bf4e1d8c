import type { UserId } from '@parley/protocol';
import type { HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';
import { isMember, lastLogs, type Truth } from './truth.ts';

/** I7: cursors never go back, read ≤ delivered ≤ head, none without a cause, and no read mark is lost. */
export function judgeReceipts(history: readonly HistoryLine[], report: Report): void {
  const logs = lastLogs(history);
  const causes = new Causes(logs);
  const cursors = new Map<string, number>();
  history.forEach((line, index) => {
    causes.take(line);
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

function judgeReceipt(
  line: LineOf<'receipt'>,
  logs: ReadonlyMap<string, { truth: Truth }>,
  causes: Causes,
  index: number,
  report: Report,
): void {
  const truth = logs.get(line.conversation)?.truth;
  if (truth === undefined) return;
  if (line.upTo > truth.log.head)
    report('I7', index, `a receipt names ${line.upTo} of ${line.conversation}, beyond its head`);
  if (line.allUpTo > line.upTo)
    report(
      'I7',
      index,
      `a receipt says that all are at ${line.allUpTo} of ${line.conversation}, its own user only at ${line.upTo}`,
    );
  const cause =
    line.kind === 'read' ? causes.read(line.user, line.conversation) : causes.delivered(line.user, line.conversation);
  if (line.upTo > cause)
    report(
      'I7',
      index,
      `${line.device} was told that ${line.user} has ${line.kind} ${line.upTo} of ${line.conversation}; ${cause} is what they have`,
    );
}

/** What a device says of all others is not more than each of them did. */
function judgeAll(line: LineOf<'view'>, truth: Truth, causes: Causes, index: number, report: Report): void {
  if (line.conversation.startsWith('chn_')) return;
  for (const user of truth.stays.keys()) {
    if (user === line.user || !isMember(truth, user)) continue;
    const read = causes.read(user, line.conversation);
    const delivered = causes.delivered(user, line.conversation);
    if (line.readByAll > read)
      report(
        'I7',
        index,
        `${line.device} shows ${line.readByAll} of ${line.conversation} as read by all; ${user} read ${read}`,
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
  readonly #delivered = new Map<string, number>();
  /** Read marks that no kill has taken back. */
  #fresh: LineOf<'invoke'>[] = [];
  #settled: readonly LineOf<'invoke'>[] = [];
  readonly #viewing = new Set<string>();

  constructor(logs: ReadonlyMap<string, { readonly truth: Truth }>) {
    // Writing reads (SEND-11), and joining begins at the head.
    for (const [conversation, { truth }] of logs)
      for (const entry of truth.log.entries) {
        const isWrite = entry.key !== undefined;
        if (isWrite) raise(this.#read, `${entry.sender} ${conversation}`, entry.seq);
        for (const user of entry.type === 'member_added' ? (entry.users ?? []) : [])
          raise(this.#read, `${user} ${conversation}`, entry.seq);
        if (entry.type === 'conversation_created') raise(this.#read, `${entry.sender} ${conversation}`, entry.seq + 1);
      }
    for (const [conversation, { truth }] of logs)
      for (const user of truth.stays.keys()) raise(this.#read, `${user} ${conversation}`, 2);
  }

  take(line: HistoryLine): void {
    if (line.type === 'invoke' && line.verb === 'read' && line.target !== undefined) {
      raise(this.#read, `${line.user} ${line.conversation}`, line.target);
      this.#fresh.push(line);
    }
    // A mark is kept when the device has had the time to write it down.
    if (line.type === 'killed')
      this.#fresh = this.#fresh.filter(
        ({ device, at }) => device !== line.device || at < line.at - (line.savedWithinMs ?? SAVED_WITHIN_MS),
      );
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
