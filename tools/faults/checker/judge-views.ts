import type { HistoryLine, LineOf, ShownItem } from './history.ts';
import type { Report } from './judge.ts';
import { opsByKey } from './judge-logs.ts';
import { isMember, type TrueMessage, type Truth, truthOf, visibleFrom } from './truth.ts';

/** What devices show at a quiescent point, against the log at that point: I1 (everything is there), I8 (unread), I9 (nothing of others), I10 (last version). */
export function judgeViews(history: readonly HistoryLine[], report: Report): void {
  let logs = new Map<string, Truth>();
  const hidden = new Map<string, Set<number>>();
  const unsureHidden = new Set<string>();
  const ops = opsByKey(history);
  const unread = new Map<string, number>();
  for (const line of history)
    if (line.type === 'invoke' && line.verb === 'hide')
      unsureHidden.add(`${line.user} ${line.conversation} ${line.target}`);
  const hidingOf = ({ user, conversation }: LineOf<'glimpse'> | LineOf<'view'>): Hiding => {
    // What was hidden is forgotten with the membership; in a channel one sees the same places again.
    const isSure = (logs.get(conversation)?.stays.get(user)?.length ?? 0) <= 1;
    return {
      isHidden: (seq) => isSure && (hidden.get(`${user} ${conversation}`)?.has(seq) ?? false),
      mayBeHidden: (seq) => unsureHidden.has(`${user} ${conversation} ${seq}`),
    };
  };
  history.forEach((line, index) => {
    if (line.type === 'settled') logs = new Map();
    if (line.type === 'log') logs.set(line.conversation, truthOf(line));
    if (line.type === 'ok') {
      const invoke = ops.get(line.key)?.invoke;
      if (invoke?.verb === 'hide' && invoke.target !== undefined) {
        const who = `${invoke.user} ${invoke.conversation}`;
        hidden.set(who, (hidden.get(who) ?? new Set()).add(invoke.target));
      }
    }
    if (line.type === 'list') {
      judgeList(logs, line, index, report);
      unread.set(line.device, line.badge);
    }
    if (line.type === 'glimpse' && line.atRest === true) judgeHeld(logs, line, hidingOf(line), index, report);
    if (line.type !== 'view') return;
    // What is archived does not count.
    if (line.settings?.includes('["archived",true]') !== true)
      unread.set(line.device, (unread.get(line.device) ?? 0) - line.unread);
    const truth = logs.get(line.conversation);
    if (truth === undefined) {
      report('I9', index, `${line.device} shows ${line.conversation}, which has no log`);
      return;
    }
    if (!isMember(truth, line.user)) return;
    judgeItems(truth, line, hidingOf(line), index, report);
    judgeUnread(truth, line, index, report);
  });
  history.forEach((line, index) => {
    if (line.type === 'list' && (unread.get(line.device) ?? 0) !== 0 && isLastList(history, index, line.device))
      report('I8', index, `the badge of ${line.device} is not the sum of its conversations`);
  });
}

const isLastList = (history: readonly HistoryLine[], index: number, device: string): boolean =>
  !history.slice(index + 1).some((line) => line.type === 'list' && line.device === device);

function judgeList(logs: ReadonlyMap<string, Truth>, line: LineOf<'list'>, index: number, report: Report): void {
  const listed = new Set<string>(line.conversations);
  for (const [conversation, truth] of logs) {
    const belongs = isMember(truth, line.user);
    if (belongs && !listed.has(conversation)) report('I1', index, `${line.device} does not list ${conversation}`);
    if (!belongs && listed.has(conversation))
      report('I9', index, `${line.device} lists ${conversation}, of which ${line.user} is no member`);
  }
}

interface Hiding {
  isHidden(seq: number): boolean;
  mayBeHidden(seq: number): boolean;
}

function judgeItems(truth: Truth, line: LineOf<'view'>, hiding: Hiding, index: number, report: Report): void {
  const { device, conversation, user } = line;
  if (line.head !== truth.log.head)
    report('I1', index, `${device} is at ${line.head} of ${conversation}, whose head is ${truth.log.head}`);
  const shown = new Map(line.items.map((item) => [item.seq, item]));
  const from = visibleFrom(truth, user);
  if ((line.heldFrom ?? from) < from)
    report('I9', index, `${device} holds ${conversation} from ${line.heldFrom}; ${user} may see it from ${from}`);
  for (const message of truth.messages.values()) {
    if (message.seq < from) continue;
    const item = shown.get(message.seq);
    if (item === undefined) report('I1', index, `${device} lacks ${message.seq} of ${conversation}`);
    else judgeItem(message, item, hiding, { device, conversation, index }, report);
  }
  for (const seq of truth.tombstones)
    if (seq >= from && shown.get(seq)?.text !== null && shown.get(seq)?.text !== undefined)
      report('I10', index, `${device} shows ${seq} of ${conversation}, which is deleted`);
  for (const seq of shown.keys())
    if (!truth.messages.has(seq) && !truth.tombstones.has(seq))
      report('I3', index, `${device} shows a message at ${seq} of ${conversation} where the log has none`);
}

/** What a device had at rest, of whatever it had loaded until then. */
function judgeHeld(
  logs: ReadonlyMap<string, Truth>,
  { device, conversation, user, items }: LineOf<'glimpse'>,
  hiding: Hiding,
  index: number,
  report: Report,
): void {
  const truth = logs.get(conversation);
  if (truth === undefined || !isMember(truth, user)) return;
  for (const item of items) {
    const message = truth.messages.get(item.seq);
    if (message !== undefined) judgeItem(message, item, hiding, { device, conversation, index }, report);
  }
}

function judgeItem(
  message: TrueMessage,
  item: ShownItem,
  hiding: Hiding,
  { device, conversation, index }: { readonly device: string; readonly conversation: string; readonly index: number },
  report: Report,
): void {
  const where = `${message.seq} of ${conversation}`;
  if (hiding.isHidden(message.seq)) {
    if (item.text !== null) report('I10', index, `${device} shows ${where}, which its user has hidden`);
    return;
  }
  if (item.text === null) {
    if (!hiding.mayBeHidden(message.seq))
      report('I1', index, `${device} shows a tombstone at ${where}, which is not deleted`);
    return;
  }
  if (item.text !== message.text)
    report('I10', index, `${device} shows "${item.text}" at ${where}, not "${message.text}"`);
  if (item.key !== message.key) report('I3', index, `${device} shows another message at ${where}`);
  const expected = [...message.reactions].map(([emoji, who]) => `${emoji} ${who.size}`).sort();
  const actual = Object.entries(item.reactions ?? {})
    .map(([emoji, count]) => `${emoji} ${count}`)
    .sort();
  if (expected.join() !== actual.join())
    report(
      'I10',
      index,
      `${device} shows reactions ${actual.join() || 'none'} at ${where}, not ${expected.join() || 'none'}`,
    );
}

/** Messages after the read cursor, counted one by one. */
function judgeUnread(truth: Truth, line: LineOf<'view'>, index: number, report: Report): void {
  let expected = 0;
  for (const seq of [...truth.messages.keys(), ...truth.tombstones]) if (seq > line.read) expected += 1;
  if (line.unread !== expected)
    report(
      'I8',
      index,
      `${line.device} counts ${line.unread} unread of ${line.conversation}; after ${line.read} there are ${expected}`,
    );
  const member = truth.log.members.find(({ user }) => user === line.user);
  if (member?.settings !== line.settings)
    report('I10', index, `${line.device} has other settings of ${line.conversation} than the server: ${line.settings}`);
  if (member !== undefined && member.read !== line.read)
    report(
      'I8',
      index,
      `${line.device} has read ${line.conversation} up to ${line.read}, the server says ${member.read}`,
    );
}
