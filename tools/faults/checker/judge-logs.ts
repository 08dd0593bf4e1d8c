import { conversationKindOf, type EntryType, type UserId } from '@parley/protocol';
import type { EntryFact, HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';
import { isMember, lastLogs, type Truth, truthOf, visibleFrom } from './truth.ts';

/** The logs against what people were told: I1, I2, I3, I5, I6, I14, and the membership table against the log (I9). */
export function judgeLogs(history: readonly HistoryLine[], report: Report): void {
  const logs = lastLogs(history);
  let previous = new Map<string, Truth>();
  history.forEach((line, index) => {
    if (line.type !== 'log') return;
    const truth = truthOf(line);
    judgeNumbers(truth, index, report);
    judgeMembers(truth, index, report);
    judgeWriters(truth, index, report);
    const before = previous.get(line.conversation);
    if (before !== undefined) judgeGrowth(before, truth, index, report);
    previous = previous.set(line.conversation, truth);
  });
  judgeAnswers(history, logs, report);
  judgeOrderOfSenders(history, logs, report);
  judgeForgotten(history, report);
  judgeErased(history, report);
}

/** Of an account that was deleted no word is left once everything is at rest (ACCT-3). */
function judgeErased(history: readonly HistoryLine[], report: Report): void {
  const asking = new Map<number, UserId>();
  const erased = new Set<UserId>();
  history.forEach((line, index) => {
    if (line.type === 'invoke' && line.verb === 'erase') asking.set(line.op, line.user);
    const asked = line.type === 'answer' && line.outcome === 'ok' ? asking.get(line.op) : undefined;
    if (asked !== undefined) erased.add(asked);
    if (line.type !== 'log') return;
    for (const { seq, sender, text } of line.entries)
      if (text !== undefined && erased.has(sender))
        report('I10', index, `${seq} of ${line.conversation} is still there, though ${sender} has deleted the account`);
  });
}

/** What a device kept comes to an end, as long as the device is there in the end: it is told what became of it, or finds it in the log after a restart. */
function judgeForgotten(history: readonly HistoryLine[], report: Report): void {
  const ended = new Set<string>();
  const present = new Set<string>();
  for (const line of history) {
    if (line.type === 'ok' || line.type === 'refused') ended.add(line.key);
    for (const { key } of entriesOf(line)) if (key !== undefined) ended.add(key);
    if (line.type === 'settled') present.clear();
    if (line.type === 'list') present.add(line.device);
  }
  const invokes = new Map<number, LineOf<'invoke'>>();
  history.forEach((line, index) => {
    if (line.type === 'invoke') invokes.set(line.op, line);
    if (line.type !== 'kept' || ended.has(line.key)) return;
    const invoke = invokes.get(line.op);
    if (invoke !== undefined && present.has(invoke.device))
      report('I1', index, `${invoke.device} kept ${line.key} and forgot it`);
  });
}

/** What a line says is in a log. */
function entriesOf(line: HistoryLine): readonly Pick<EntryFact, 'key'>[] {
  if (line.type === 'sent') return [line.entry];
  if (line.type === 'shown' || line.type === 'log') return line.entries;
  return line.type === 'view' || line.type === 'glimpse' ? line.items : [];
}

function judgeNumbers({ log, entries, tombstones }: Truth, index: number, report: Report): void {
  const keys = new Map<string, number>();
  let last = 0;
  for (const entry of log.entries) {
    if (entry.seq <= last) report('I3', index, `${log.conversation} has ${entry.seq} after ${last}`);
    for (let seq = last + 1; seq < entry.seq; seq += 1)
      if (!isErased(seq, log, tombstones)) report('I3', index, `${log.conversation} has nothing at ${seq}`);
    last = entry.seq;
    if (entry.replyTo !== undefined && entry.replyTo >= entry.seq)
      report('I5', index, `${entry.seq} of ${log.conversation} answers the later ${entry.replyTo}`);
    if (entry.type !== 'new_message' || entry.key === undefined) continue;
    const first = keys.get(`${entry.sender} ${entry.key}`);
    if (first !== undefined)
      report('I6', index, `${entry.key} is at ${first} and at ${entry.seq} of ${log.conversation}`);
    keys.set(`${entry.sender} ${entry.key}`, entry.seq);
  }
  if (last > log.head) report('I3', index, `${log.conversation} ends at ${log.head} but has ${last}`);
  for (const seq of tombstones)
    if (entries.has(seq)) report('I10', index, `${seq} of ${log.conversation} is deleted and there`);
}

/** A place may be empty when its message, or the message that it edited, was deleted. */
const isErased = (seq: number, log: LineOf<'log'>, tombstones: ReadonlySet<number>): boolean =>
  tombstones.has(seq) ||
  (tombstones.size > 0 &&
    log.entries.some(({ type, seq: at }) => (type === 'message_deleted' || type === 'author_erased') && at > seq));

function judgeMembers(truth: Truth, index: number, report: Report): void {
  const { log, stays } = truth;
  const table = new Map(log.members.map((member) => [member.user, member]));
  for (const user of stays.keys())
    if (isMember(truth, user) && !table.has(user))
      report('I9', index, `${user} is a member of ${log.conversation} by its log, but not by the table`);
  for (const { user, visibleFrom: from } of log.members) {
    if (!isMember(truth, user))
      report('I9', index, `${user} is in the table of ${log.conversation}, but not by its log`);
    else if (from < visibleFrom(truth, user))
      report('I9', index, `${user} may read ${log.conversation} from ${from}, before the joining`);
  }
}

const WRITES = new Set<EntryType>(['new_message', 'message_edited', 'reaction']);

/** In a channel nobody writes who is no owner or admin at that place of the log (SEND-5). */
function judgeWriters({ log }: Truth, index: number, report: Report): void {
  if (conversationKindOf(log.conversation) !== 'channel') return;
  const leading = new Set<UserId>();
  for (const { type, seq, sender, users = [], role } of log.entries) {
    if (type === 'conversation_created') leading.add(sender);
    for (const user of users)
      if (type === 'member_role_changed' && role !== 'member') leading.add(user);
      else leading.delete(user);
    if (WRITES.has(type) && !leading.has(sender))
      report('I9', index, `${sender} wrote ${seq} of the channel ${log.conversation} and is only a reader of it`);
  }
}

/** What was in the log stays in it, except what is deleted. */
function judgeGrowth(before: Truth, after: Truth, index: number, report: Report): void {
  const { conversation } = after.log;
  if (after.log.head < before.log.head) report('I1', index, `${conversation} went back to ${after.log.head}`);
  for (const [seq, entry] of before.entries) {
    const now = after.entries.get(seq);
    if (now !== undefined && JSON.stringify(now) !== JSON.stringify(entry))
      report('I3', index, `${seq} of ${conversation} has changed`);
    if (now === undefined && !isErased(seq, after.log, after.tombstones))
      report('I1', index, `${seq} of ${conversation} is gone`);
  }
  for (const seq of before.tombstones)
    if (!after.tombstones.has(seq)) report('I10', index, `${seq} of ${conversation} was deleted and came back`);
}

type Logs = ReadonlyMap<string, { readonly line: number; readonly truth: Truth }>;

interface Op {
  readonly invoke: LineOf<'invoke'>;
  readonly key: string | undefined;
}

/** The writes of the outboxes, by client_msg_id. */
export function opsByKey(history: readonly HistoryLine[]): Map<string, Op> {
  const invokes = new Map<number, LineOf<'invoke'>>();
  const ops = new Map<string, Op>();
  for (const line of history) {
    if (line.type === 'invoke') invokes.set(line.op, line);
    const invoke = line.type === 'kept' ? invokes.get(line.op) : undefined;
    if (line.type === 'kept' && invoke !== undefined) ops.set(line.key, { invoke, key: line.key });
  }
  return ops;
}

const ENTRY_OF = {
  send: 'new_message',
  forward: 'new_message',
  edit: 'message_edited',
  react: 'reaction',
  delete: 'message_deleted',
} as const;

function judgeAnswers(history: readonly HistoryLine[], logs: Logs, report: Report): void {
  const ops = opsByKey(history);
  const placeOf = placesByKey(logs);
  history.forEach((line, index) => {
    if (line.type === 'acked') {
      const places = placeOf.get(`${line.conversation} ${line.key}`) ?? [];
      judgePlace(line.conversation, line.key, line.seq, places, logs, index, report);
    }
    if (line.type !== 'ok' && line.type !== 'refused') return;
    const op = ops.get(line.key);
    const conversation = op?.invoke.conversation;
    if (op === undefined || conversation === undefined) return;
    const places = placeOf.get(`${conversation} ${line.key}`) ?? [];
    if (line.type === 'refused' && line.code !== 'DEVICE_CHANGED' && places.length > 0)
      report(
        'I14',
        index,
        `${line.key} was refused with ${line.code} but is at ${places.map(({ seq }) => seq).join()} of ${conversation}`,
      );
    if (line.type === 'ok' && line.seq !== undefined)
      judgePlace(conversation, line.key, line.seq, places, logs, index, report);
    // These always have a place; an answer without one acknowledges what is nowhere.
    const needsPlace = op.invoke.verb === 'send' || op.invoke.verb === 'forward' || op.invoke.verb === 'edit';
    if (line.type === 'ok' && line.seq === undefined && needsPlace && places.length === 0)
      report('I1', index, `${line.key} counts as done and is nowhere in ${conversation}`);
    const wanted = ENTRY_OF[op.invoke.verb as keyof typeof ENTRY_OF];
    for (const { type, target } of places) {
      if (type !== wanted) report('I3', index, `${line.key} was asked as ${op.invoke.verb} and stored as ${type}`);
      if (op.invoke.verb === 'edit' && target !== op.invoke.target)
        report('I10', index, `${line.key} edits ${target}, not ${op.invoke.target}`);
    }
  });
  for (const [place, entries] of placeOf)
    if (entries.length > 1)
      report('I2', logs.get(place.split(' ')[0] ?? '')?.line ?? 0, `${place} is stored ${entries.length} times`);
  judgeApiAnswers(history, logs, report);
}

function placesByKey(logs: Logs): Map<string, EntryFact[]> {
  const places = new Map<string, EntryFact[]>();
  for (const [conversation, { truth }] of logs)
    for (const entry of truth.log.entries) {
      if (entry.key === undefined) continue;
      const id = `${conversation} ${entry.key}`;
      places.set(id, [...(places.get(id) ?? []), entry]);
    }
  return places;
}

function judgePlace(
  conversation: string,
  key: string,
  seq: number,
  places: readonly EntryFact[],
  logs: Logs,
  index: number,
  report: Report,
): void {
  const log = logs.get(conversation);
  if (log === undefined) return;
  const { truth } = log;
  const there = truth.entries.get(seq);
  if (places.length === 1 && places[0]?.seq === seq) return;
  if (there === undefined && seq <= truth.log.head && isErased(seq, truth.log, truth.tombstones)) return;
  if (places.length > 0)
    report(
      'I3',
      index,
      `${key} was acknowledged at ${seq} of ${conversation} but is at ${places.map((one) => one.seq).join()}`,
    );
  else report('I1', index, `${key} was acknowledged at ${seq} of ${conversation} and is lost`);
}

/** Changes of members that were answered "done" are in the log. */
function judgeApiAnswers(history: readonly HistoryLine[], logs: Logs, report: Report): void {
  const invokes = new Map<number, LineOf<'invoke'>>();
  history.forEach((line, index) => {
    if (line.type === 'invoke') invokes.set(line.op, line);
    if (line.type !== 'answer' || line.outcome !== 'ok') return;
    const invoke = invokes.get(line.op);
    const conversation = invoke?.conversation ?? line.conversation;
    if (invoke === undefined || conversation === undefined) return;
    const log = logs.get(conversation);
    if (log === undefined) {
      report('I1', index, `${conversation} was made and is lost`);
      return;
    }
    if (invoke.verb === 'join' && !log.truth.stays.has(invoke.user))
      report('I1', index, `joining ${conversation} was answered with done and is lost`);
    const whom = invoke.verb === 'leave' ? invoke.user : invoke.other;
    const type = ({ remove: 'member_removed', leave: 'member_removed', role: 'member_role_changed' } as const)[
      invoke.verb as 'remove'
    ];
    if (type === undefined || whom === undefined) return;
    if (!log.truth.log.entries.some((entry) => entry.type === type && entry.users?.includes(whom)))
      report('I1', index, `${invoke.verb} of ${whom} in ${conversation} was answered with done and is lost`);
  });
}

/** I5: what one device sends to one conversation is stored in the order in which it was sent. */
function judgeOrderOfSenders(history: readonly HistoryLine[], logs: Logs, report: Report): void {
  const keyOf = new Map<number, string>();
  for (const line of history) if (line.type === 'kept') keyOf.set(line.op, line.key);
  const last = new Map<string, number>();
  const placeOf = placesByKey(logs);
  history.forEach((line, index) => {
    if (line.type !== 'invoke' || line.verb !== 'send') return;
    const sender = `${line.device} ${line.conversation}`;
    const seq = placeOf.get(`${line.conversation} ${keyOf.get(line.op)}`)?.[0]?.seq;
    if (seq === undefined) return;
    if (seq < (last.get(sender) ?? 0))
      report(
        'I5',
        index,
        `"${line.text}" is at ${seq} of ${line.conversation}, before what ${line.device} had sent earlier`,
      );
    last.set(sender, seq);
  });
}
