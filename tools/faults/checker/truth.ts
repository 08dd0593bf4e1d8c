import { conversationKindOf, isDirectId, type UserId, usersOfDirect } from '@parley/protocol';
import type { EntryFact, HistoryLine, LineOf } from './history.ts';

/** A message as the log says it is, with everything later folded in by the simplest means. */
export interface TrueMessage {
  readonly seq: number;
  readonly sender: UserId;
  /** `null`: deleted. */
  readonly text: string | null;
  readonly key: string | undefined;
  readonly reactions: ReadonlyMap<string, ReadonlySet<UserId>>;
}

/** From and up to which seq somebody was a member: entries in [from, until) are theirs. */
export interface Stay {
  readonly from: number;
  until: number;
}

export interface Truth {
  readonly log: LineOf<'log'>;
  /** By place; erased ones are missing. */
  readonly entries: ReadonlyMap<number, EntryFact>;
  readonly tombstones: ReadonlySet<number>;
  readonly messages: ReadonlyMap<number, TrueMessage>;
  readonly stays: ReadonlyMap<UserId, readonly Stay[]>;
}

/** What a log says, folded. `log` is the line of a quiescent point. */
export function truthOf(log: LineOf<'log'>): Truth {
  const entries = new Map(log.entries.map((entry) => [entry.seq, entry]));
  return { log, entries, tombstones: new Set(log.tombstones), messages: messagesOf(log), stays: staysOf(log) };
}

interface Folding {
  seq: number;
  sender: UserId;
  text: string | null;
  key: string | undefined;
  reactions: Map<string, Set<UserId>>;
}

function messagesOf(log: LineOf<'log'>): Map<number, TrueMessage> {
  const messages = new Map<number, Folding>();
  for (const entry of log.entries) {
    const target = entry.target === undefined ? undefined : messages.get(entry.target);
    if (entry.type === 'new_message')
      messages.set(entry.seq, {
        seq: entry.seq,
        sender: entry.sender,
        text: entry.text ?? '',
        key: entry.key,
        reactions: new Map(),
      });
    else if (entry.type === 'message_edited' && target !== undefined) target.text = entry.text ?? '';
    else if (entry.type === 'message_deleted' && target !== undefined) target.text = null;
    else if (entry.type === 'author_erased') {
      for (const message of messages.values()) if (message.sender === entry.sender) message.text = null;
    } else if (entry.type === 'reaction' && target !== undefined) foldReaction(target, entry);
  }
  return messages;
}

function foldReaction(message: Folding, { reaction = '', sender }: EntryFact): void {
  const [emoji = '', action] = reaction.split(' ');
  const who = message.reactions.get(emoji) ?? new Set();
  if (action === 'added') who.add(sender);
  else who.delete(sender);
  if (who.size > 0) message.reactions.set(emoji, who);
  else message.reactions.delete(emoji);
}

/** Who was a member when, by the entries of the log alone. In a direct conversation both are from the beginning; in a group one sees it from the joining on, a channel from the beginning (HIST-4). */
function staysOf({ conversation, entries }: LineOf<'log'>): Map<UserId, Stay[]> {
  const stays = new Map<UserId, Stay[]>();
  const begin = (user: UserId, from: number): void => {
    const known = stays.get(user) ?? [];
    stays.set(user, known);
    if (known.at(-1)?.until !== Number.POSITIVE_INFINITY) known.push({ from, until: Number.POSITIVE_INFINITY });
  };
  const isChannel = conversationKindOf(conversation) === 'channel';
  if (isDirectId(conversation)) for (const user of usersOfDirect(conversation)) begin(user, 1);
  for (const entry of entries) {
    if (entry.type === 'conversation_created') begin(entry.sender, 1);
    // Those who are there from the creation see it from the first entry on.
    else if (entry.type === 'member_added')
      for (const user of entry.users ?? []) begin(user, isChannel || entry.seq === 2 ? 1 : entry.seq);
    else if (entry.type === 'member_removed')
      for (const user of entry.users ?? []) {
        const stay = stays.get(user)?.at(-1);
        if (stay !== undefined) stay.until = Math.min(stay.until, entry.seq);
      }
  }
  return stays;
}

/** Whether somebody may be given the entry at a place. */
export const mayHave = (truth: Truth, user: UserId, seq: number): boolean =>
  (truth.stays.get(user) ?? []).some((stay) => stay.from <= seq && seq < stay.until);

/** Whether somebody who was brought up to `upTo` has to have the entry at `seq`: what an earlier membership did not bring in time, a later one does not bring any more (HIST-4). */
export function isDue(truth: Truth, user: UserId, seq: number, upTo: number): boolean {
  const stay = (truth.stays.get(user) ?? []).findLast(({ from }) => from <= upTo);
  return stay !== undefined && stay.from <= seq && seq < stay.until;
}

/** An entry as somebody is to have it: an edit of what was said before the joining keeps its place and says nothing (HIST-4). */
export function seenBy(truth: Truth, user: UserId, entry: EntryFact): EntryFact {
  const stay = (truth.stays.get(user) ?? []).find(({ from, until }) => from <= entry.seq && entry.seq < until);
  const seesFrom = truth.log.conversation.startsWith('chn_') ? 1 : (stay?.from ?? 1);
  if (entry.type !== 'message_edited' || entry.target === undefined || entry.target >= seesFrom) return entry;
  const { text: _, ...place } = entry;
  return place;
}

export const isMember = (truth: Truth, user: UserId): boolean =>
  truth.stays.get(user)?.at(-1)?.until === Number.POSITIVE_INFINITY;

/** The first seq that a present member may see. */
export const visibleFrom = (truth: Truth, user: UserId): number => truth.stays.get(user)?.at(-1)?.from ?? 0;

/** The last line about each log, with its index: what was true in the end. */
export function lastLogs(history: readonly HistoryLine[]): Map<string, { line: number; truth: Truth }> {
  const logs = new Map<string, { line: number; truth: Truth }>();
  history.forEach((line, index) => {
    if (line.type === 'log') logs.set(line.conversation, { line: index, truth: truthOf(line) });
  });
  return logs;
}
