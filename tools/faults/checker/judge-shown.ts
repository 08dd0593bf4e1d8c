import type { HistoryLine, LineOf } from './history.ts';
import type { Report } from './judge.ts';
import { isDue, lastLogs, mayHave, seenBy, type Truth } from './truth.ts';

/** What devices showed, at every moment: I4 (in the order of the log), I6 (each once), I1 (nothing left out), I9 (to members only), I10 (no tombstone revives). */
export function judgeShown(history: readonly HistoryLine[], report: Report): void {
  const logs = lastLogs(history);
  const positions = new Map<string, number>();
  const lastShown = new Map<string, number>();
  const buried = new Set<string>();
  history.forEach((line, index) => {
    if (line.type === 'jumped') {
      const place = `${line.device} ${line.life} ${line.conversation}`;
      positions.set(place, Math.max(line.head, positions.get(place) ?? 0));
    }
    if (line.type === 'forgot') {
      const place = `${line.device} ${line.life} ${line.conversation}`;
      positions.delete(place);
      lastShown.delete(place);
    }
    const truth =
      'conversation' in line && line.conversation !== undefined ? logs.get(line.conversation)?.truth : undefined;
    if (line.type === 'glimpse' || line.type === 'view') judgeTombstones(line, truth, buried, index, report);
    if (line.type !== 'shown') return;
    const place = `${line.device} ${line.life} ${line.conversation}`;
    for (const entry of line.entries) {
      const last = lastShown.get(place) ?? 0;
      if (entry.seq === last) report('I6', index, `${line.device} showed ${entry.seq} of ${line.conversation} twice`);
      else if (entry.seq < last)
        report('I4', index, `${line.device} showed ${entry.seq} of ${line.conversation} after ${last}`);
      lastShown.set(place, Math.max(last, entry.seq));
    }
    if (truth !== undefined) judgeAgainst(truth, line, positions.get(place), index, report);
    positions.set(place, Math.max(line.coveredUpTo, positions.get(place) ?? 0));
  });
}

function judgeAgainst(
  truth: Truth,
  line: LineOf<'shown'>,
  position: number | undefined,
  index: number,
  report: Report,
): void {
  const shown = new Set(line.entries.map(({ seq }) => seq));
  for (const entry of line.entries) {
    const stored = truth.entries.get(entry.seq);
    const there = stored && seenBy(truth, line.user, stored);
    const isSame =
      there === undefined || (there.type === entry.type && there.text === entry.text && there.key === entry.key);
    if (!isSame)
      report(
        'I4',
        index,
        `${line.device} shows another entry at ${entry.seq} of ${line.conversation} than the log has`,
      );
    if (entry.seq > truth.log.head)
      report('I3', index, `${line.device} shows ${entry.seq} of ${line.conversation}, which is not in the log`);
    if (!mayHave(truth, line.user, entry.seq))
      report('I9', index, `${line.device} shows ${entry.seq} of ${line.conversation} without being a member then`);
  }
  if (position === undefined) return;
  for (let seq = position + 1; seq <= line.coveredUpTo; seq += 1)
    if (truth.entries.has(seq) && !shown.has(seq) && isDue(truth, line.user, seq, line.coveredUpTo))
      report('I1', index, `${line.device} went past ${seq} of ${line.conversation} without showing it`);
}

/** Texts that a message ever had, and once it is a tombstone for a device it stays one. */
function judgeTombstones(
  line: LineOf<'glimpse'> | LineOf<'view'>,
  truth: Truth | undefined,
  buried: Set<string>,
  index: number,
  report: Report,
): void {
  const keys = new Map<string, number>();
  let above = 0;
  for (const item of line.items) {
    if (item.seq <= above)
      report('I4', index, `${line.device} shows ${item.seq} of ${line.conversation} below ${above}`);
    above = item.seq;
    const place = `${line.device} ${line.conversation} ${item.seq}`;
    // What was hidden in a channel is forgotten with the membership, and there again after the next joining.
    const isHidden = truth?.tombstones.has(item.seq) === false && (truth.stays.get(line.user)?.length ?? 0) > 1;
    if (item.text === null && !isHidden) buried.add(place);
    else if (buried.has(place))
      report('I10', index, `${line.device} shows ${item.seq} of ${line.conversation} again after its deletion`);
    if (item.key !== undefined) {
      const other = keys.get(item.key);
      if (other !== undefined)
        report('I6', index, `${line.device} shows ${item.key} at ${other} and ${item.seq} of ${line.conversation}`);
      keys.set(item.key, item.seq);
    }
    if (truth !== undefined && !mayHave(truth, line.user, item.seq))
      report('I9', index, `${line.device} shows ${item.seq} of ${line.conversation} without being a member then`);
  }
}
