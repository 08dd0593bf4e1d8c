import type { HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';
import { opsByKey } from './judge-logs.ts';
import { isDue, isMember, lastLogs, mayHave, seenBy, type Truth, truthOf } from './truth.ts';

type Owner = Pick<LineOf<'synced'>, 'device' | 'user'>;

/** What a server gave to one connection of one conversation so far. */
interface Given {
  last: number;
  /** Everything after this place is owed, or was. Undefined: it is not known yet where it begins. */
  begunAfter: number | undefined;
  /** What lies up to here was told by a state. */
  toldUpTo: number;
  readonly seqs: Set<number>;
  /** Own writes: their acknowledgement stands for the entry. */
  readonly acked: Set<number>;
  /** May have come before: by an earlier connection, where it was acknowledged again, or before this one began anew. */
  readonly repeated: Set<number>;
}

const begun = (begunAfter: number | undefined, earlier?: Given): Given => ({
  last: 0,
  begunAfter,
  toldUpTo: begunAfter ?? 0,
  seqs: new Set(),
  acked: new Set(),
  repeated: new Set(earlier === undefined ? [] : [...earlier.seqs, ...earlier.acked, ...earlier.repeated]),
});

/**
 * What servers wrote to connections, against the logs: I3 and I6 (each once), I4 (in order, the same for all, and all of them without being asked, also the last),
 * I9 (to members only).
 */
export function judgeWire(history: readonly HistoryLine[], report: Report): void {
  const logs = lastLogs(history);
  const writers = writersOf(history);
  const connections = new Map<string, Map<string, Given>>();
  const givenOf = (connection: string, conversation: string): Given => {
    const all = connections.get(connection) ?? new Map<string, Given>();
    connections.set(connection, all);
    const given = all.get(conversation) ?? begun(undefined);
    all.set(conversation, given);
    return given;
  };
  /** All that lies after this place follows. */
  const goOn = (given: Given, place: number): void => {
    given.last = place;
    given.toldUpTo = place;
    given.begunAfter = place;
  };
  const owners = new Map<string, Owner>();
  const gone = new Set<string>();
  /** Followed more than once by one connection: what came by the first time and what by the second cannot be told apart at its edge. */
  const followed = new Set<string>();
  const again = new Set<string>();
  let settled: ReadonlyMap<string, ReadonlyMap<string, Given>> = new Map();
  history.forEach((line, index) => {
    if (line.type === 'settled') settled = line.isRepaired === true ? snapshotOf(connections, gone) : new Map();
    if (line.type === 'log') judgeEnds(truthOf(line), settled, { owners, writers }, index, report);
    if (line.type === 'closed' || line.type === 'dead') gone.add(line.connection);
    if (line.type === 'killed')
      for (const [connection, { device }] of owners) if (device === line.device) gone.add(connection);
    if (line.type === 'subscribed') {
      const place = `${line.connection} ${line.conversation}`;
      if (followed.has(place)) again.add(place);
      followed.add(place);
      owners.set(line.connection, line);
      const given = givenOf(line.connection, line.conversation);
      goOn(given, line.seq);
      given.seqs.clear();
    } else if (line.type === 'unsubscribed') connections.get(line.connection)?.delete(line.conversation);
    else if (line.type === 'rewound') {
      if (line.conversation === undefined) connections.delete(line.connection);
      else connections.get(line.connection)?.delete(line.conversation);
      if (line.conversation === undefined || line.head === undefined) return;
      goOn(givenOf(line.connection, line.conversation), line.head);
    } else if (line.type === 'joined') {
      const given = givenOf(line.connection, line.conversation);
      // SYNC-9: what began later than the state that is told begins anew after it.
      if (given.begunAfter === undefined || given.begunAfter > line.head)
        connections.get(line.connection)?.set(line.conversation, begun(line.head, given));
      else given.toldUpTo = Math.max(given.toldUpTo, line.head);
    } else if (line.type === 'synced') {
      connections.delete(line.connection);
      owners.set(line.connection, line);
      for (const { conversation, seq } of line.positions) goOn(givenOf(line.connection, conversation), seq);
    } else if (line.type === 'acked') {
      const given = givenOf(line.connection, line.conversation);
      if (given.seqs.has(line.seq) && !line.duplicate && !again.has(`${line.connection} ${line.conversation}`))
        report('I6', index, `${line.seq} of ${line.conversation} came as an entry and then as the acknowledgement`);
      if (!line.duplicate) given.acked.add(line.seq);
      else given.repeated.add(line.seq);
    } else if (line.type === 'sent') {
      const given = givenOf(line.connection, line.conversation);
      const { seq } = line.entry;
      const log = logs.get(line.conversation);
      // A write of before the following may come by as an entry too: its acknowledgement stands for it only where the connection was live.
      const isFollowed = followed.has(`${line.connection} ${line.conversation}`);
      const isOrdered = !again.has(`${line.connection} ${line.conversation}`);
      if (given.seqs.has(seq) && isOrdered)
        report('I6', index, `${seq} of ${line.conversation} was sent twice to ${line.connection}`);
      else if (given.acked.has(seq) && !isFollowed)
        report(
          'I6',
          index,
          `${seq} of ${line.conversation} was acknowledged to ${line.connection} and sent to it as well`,
        );
      else if (seq < given.last && isOrdered)
        report('I4', index, `${seq} of ${line.conversation} was sent to ${line.connection} after ${given.last}`);
      if (log !== undefined) {
        judgeEntry(log.truth, line, index, report);
        if (isOrdered) judgeLeftOut(log.truth, given, writers, line, index, report);
      }
      given.begunAfter ??= seq - 1;
      given.last = Math.max(given.last, seq);
      given.seqs.add(seq);
    }
  });
}

function judgeEntry(truth: Truth, line: Extract<HistoryLine, { type: 'sent' }>, index: number, report: Report): void {
  const { entry, conversation, user } = line;
  const there = truth.entries.get(entry.seq);
  if (entry.seq > truth.log.head) report('I3', index, `${entry.seq} of ${conversation} was sent and is not in the log`);
  else if (there !== undefined && entry.text !== undefined && seenBy(truth, user, there).text === undefined)
    report('I9', index, `${user} was sent what ${entry.seq} of ${conversation} says of a message before the joining`);
  else if (there !== undefined && JSON.stringify(seenBy(truth, user, there)) !== JSON.stringify(entry))
    report('I4', index, `${entry.seq} of ${conversation} was sent as another entry than the log has`);
  if (!mayHave(truth, user, entry.seq))
    report('I9', index, `${user} was sent ${entry.seq} of ${conversation} without being a member then`);
}

/** Live, no visible entry between two others is left out, except own writes: their acknowledgement may come later, or never, if the line is cut before. */
function judgeLeftOut(
  truth: Truth,
  given: Given,
  writers: Writers,
  { entry, conversation, connection, device, user }: Extract<HistoryLine, { type: 'sent' }>,
  index: number,
  report: Report,
): void {
  if (given.begunAfter === undefined) return;
  const place = placeOf(given);
  for (let seq = place + 1; seq < entry.seq; seq += 1)
    if (isOwed(truth, given, writers, { device, user }, seq, entry.seq))
      report('I4', index, `${connection} was sent ${entry.seq} of ${conversation} after ${place}, without ${seq}`);
}

/** What each connection had when everything was at rest. */
const snapshotOf = (connections: ReadonlyMap<string, ReadonlyMap<string, Given>>, gone: ReadonlySet<string>) =>
  new Map(
    [...connections]
      .filter(([connection]) => !gone.has(connection))
      .map(
        ([connection, conversations]) =>
          [connection, new Map([...conversations].map(([id, given]) => [id, { ...given }] as const))] as const,
      ),
  );

/** At rest, a connection that follows a conversation has been given all of it, up to the last entry. What a device fetches for itself does not count. */
function judgeEnds(
  truth: Truth,
  settled: ReadonlyMap<string, ReadonlyMap<string, Given>>,
  { owners, writers }: { readonly owners: ReadonlyMap<string, Owner>; readonly writers: Writers },
  index: number,
  report: Report,
): void {
  const { conversation, head } = truth.log;
  for (const [connection, conversations] of settled) {
    const given = conversations.get(conversation);
    const owner = owners.get(connection);
    if (given?.begunAfter === undefined || owner === undefined) continue;
    // Who is gone from a channel may have asked to follow it before hearing of that.
    if (!isMember(truth, owner.user)) continue;
    for (let seq = placeOf(given) + 1; seq <= head; seq += 1)
      if (isOwed(truth, given, writers, owner, seq, head))
        report(
          'I4',
          index,
          `${connection} of ${owner.device} was never sent ${seq} of ${conversation}, though it was live`,
        );
  }
}

/** Up to where nothing is owed any more. */
const placeOf = ({ last, toldUpTo }: Given): number => Math.max(last, toldUpTo);

/** Devices by the keys of what they wrote. */
type Writers = ReadonlyMap<string, string>;

function writersOf(history: readonly HistoryLine[]): Writers {
  const writers = new Map<string, string>();
  for (const [key, { invoke }] of opsByKey(history)) writers.set(key, invoke.device);
  return writers;
}

/** Whether an entry should have been given to the connection and was not. */
function isOwed(truth: Truth, given: Given, writers: Writers, owner: Owner, seq: number, upTo: number): boolean {
  const entry = truth.entries.get(seq);
  if (entry === undefined || given.acked.has(seq) || given.repeated.has(seq)) return false;
  return writers.get(entry.key ?? '') !== owner.device && isDue(truth, owner.user, seq, upTo);
}
