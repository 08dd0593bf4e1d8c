import type { Append, AppendOutcome, CursorRequest } from '@parley/core';
import type { EntryBody, LogEntry, Message, Role, UserId } from '@parley/protocol';

export interface NaiveMember {
  role: Role;
  readonly visibleFromSeq: number;
  deliveredUpTo: number;
  readUpTo: number;
  sharedReadUpTo: number;
  readonly hidden: Set<number>;
}

/** A conversation that keeps nothing but its entries and works everything out from the beginning each time it is asked. */
export class NaiveConversation {
  readonly entries: LogEntry[];
  readonly members = new Map<UserId, NaiveMember>();
  readonly #keys = new Map<string, { readonly seq: number; readonly fingerprint: string | null }>();

  constructor(entries: readonly LogEntry[]) {
    this.entries = [...entries];
  }

  get headSeq(): number {
    return this.entries.length;
  }

  /** Messages up to and including a seq. */
  countAt(seq: number): number {
    return this.entries.filter((entry) => entry.type === 'new_message' && entry.seq <= seq).length;
  }

  /** The seq that a step means by its target. */
  targetSeq(target: number): number {
    const messages = this.entries.filter(({ type }) => type === 'new_message');
    return target < 12 ? (messages[target % messages.length]?.seq ?? target) : target;
  }

  push(body: EntryBody, senderId: UserId, createdAt: number): LogEntry {
    const [first] = this.entries;
    if (first === undefined) throw new Error('A conversation begins with the entry of its creation.');
    const place = { conversation_id: first.conversation_id, seq: this.headSeq + 1, created_at: createdAt };
    const count = this.countAt(this.headSeq) + (body.type === 'new_message' ? 1 : 0);
    const entry: LogEntry = { ...body, ...place, count, sender_id: senderId };
    this.entries.push(entry);
    return entry;
  }

  /** Of a duplicate only `kind` and `seq` are foretold: its content may have been deleted. */
  append({ author, body, ...append }: Append): AppendOutcome | { readonly kind: 'duplicate'; readonly seq: number } {
    const key = `${author.deviceId} ${append.clientMsgId}`;
    const first = this.#keys.get(key);
    if (first !== undefined) {
      return append.fingerprint === null || first.fingerprint === append.fingerprint || this.#isErasedAt(first.seq)
        ? { kind: 'duplicate', seq: first.seq }
        : { kind: 'key_reused' };
    }
    const member = this.members.get(author.userId);
    if (member === undefined) return { kind: 'not_a_member' };
    if (!author.roles.includes(member.role)) return { kind: 'role_too_low' };
    const targetSeq = body.type === 'new_message' ? body.content.reply_to : body.target_seq;
    if (targetSeq !== undefined) {
      const target = targetSeq < member.visibleFromSeq ? undefined : this.message(targetSeq, author.userId);
      if (target === undefined) return { kind: 'target_missing' };
      if (target.content === null) return { kind: 'target_deleted' };
      if (body.type === 'reaction') {
        const isThere = target.reactions.some(({ emoji, me }) => me && emoji === body.emoji);
        if (isThere === (body.action === 'added')) return { kind: 'unchanged' };
      }
    }
    const entry = this.push(body, author.userId, append.createdAt);
    this.#keys.set(key, { seq: entry.seq, fingerprint: append.fingerprint });
    member.deliveredUpTo = member.readUpTo = member.sharedReadUpTo = entry.seq;
    return { kind: 'appended', entry };
  }

  /** Present state: the message with every later entry about it applied in turn. Reactions are in the order of their emoji. */
  message(seq: number, viewer: UserId): Message | undefined {
    const sent = this.entries[seq - 1];
    if (sent?.type !== 'new_message') return undefined;
    const { type: _, ...header } = sent;
    const message: Message = { ...header, edited_at: null, reactions: [], state_seq: seq };
    const people = new Set<string>();
    for (const entry of this.entries) {
      if (!('target_seq' in entry) || entry.target_seq !== seq) continue;
      message.state_seq = entry.seq;
      if (entry.type === 'message_edited') {
        message.content = entry.content ?? null;
        message.edited_at = entry.created_at;
      } else if (entry.type === 'message_deleted') {
        return { ...message, content: null, edited_at: null };
      } else {
        const reaction = `${entry.emoji} ${entry.sender_id}`;
        if (entry.action === 'added') people.add(reaction);
        else people.delete(reaction);
      }
    }
    const emojis = [...new Set([...people].map((reaction) => reaction.split(' ')[0] ?? ''))].sort();
    message.reactions = emojis.map((emoji) => ({
      emoji,
      count: [...people].filter((reaction) => reaction.startsWith(`${emoji} `)).length,
      me: people.has(`${emoji} ${viewer}`),
    }));
    return message;
  }

  #isErasedAt(seq: number): boolean {
    const entry = this.entries[seq - 1];
    return entry !== undefined && this.isErased(entry);
  }

  /** Whether the raw log leaves an entry out: a deleted message or an edit of one. */
  isErased(entry: LogEntry): boolean {
    const target = entry.type === 'message_edited' ? entry.target_seq : entry.seq;
    return this.entries.some((later) => later.type === 'message_deleted' && later.target_seq === target);
  }

  /** Returns whether the member's own cursors moved; undefined: no member. */
  move({ userId, sharesReading, ...upTo }: CursorRequest): boolean | undefined {
    const member = this.members.get(userId);
    if (member === undefined) return undefined;
    const before = member.deliveredUpTo + member.readUpTo;
    const read = Math.min(upTo.readUpTo, this.headSeq);
    member.deliveredUpTo = Math.max(member.deliveredUpTo, read, Math.min(upTo.deliveredUpTo, this.headSeq));
    member.readUpTo = Math.max(member.readUpTo, read);
    if (sharesReading) member.sharedReadUpTo = Math.max(member.sharedReadUpTo, read);
    return member.deliveredUpTo + member.readUpTo > before;
  }

  hasOtherOwner(userId: UserId): boolean {
    return [...this.members].some(([other, { role }]) => other !== userId && role === 'owner');
  }
}
