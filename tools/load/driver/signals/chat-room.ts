import type { ConversationId, ServerFrame } from '@parley/protocol';
import { nowUs } from '../../measure/clock.ts';
import type { Seat } from '../plan.ts';
import { stampedUuid } from '../stamp.ts';
import { Chatter } from './chatter.ts';
import type { SignalCounting, Telling } from './signal-counting.ts';

/** How people in a lively group are; each waits, then does the next thing. Means of exponential times. */
const PAUSE_MS = 20_000;
const KEY_MS = 200;
const KEYS = 40;
/** One time in three a person does not write but is gone: half of these times for a change of network, half of them for longer than PRES-2 waits. */
const AWAY_SHARE = 1 / 3;
const AWAY_MS = [1_000, 8_000] as const;
/** TYPE-1 and PRES-2: what begins later than that after the last one is told at once. */
const TYPING_INTERVAL_US = 3_000_000;
const SETTLE_US = 5_000_000;

/** What one member last knew of another. */
interface Knowledge {
  delivered: number;
  read: number;
  typingSinceUs: number;
  typedUntilUs: number;
}

interface Member {
  readonly chatter: Chatter;
  readonly userId: string;
  readonly knows: readonly Knowledge[];
  /** µs at which it told to have, and to have read, each place of the log. */
  readonly toldUs: { readonly delivered: number[]; readonly read: number[] };
  typingSinceUs: number;
  typedUntilUs: number;
  /** Away for longer than PRES-2 waits before it came: coming is news. */
  wasAway: boolean;
}

/**
 * A group whose members all have it open: they type key by key, tell of every message that it has arrived and was read, lose their connection and come back. Clients
 * hold nothing back: whatever is merged is the server's doing. All members are in one process, so that each arrival can be set against what caused it.
 */
export class ChatRoom {
  readonly #conversationId: ConversationId;
  readonly #members: readonly Member[];
  readonly #placeOf: ReadonlyMap<string, number>;
  readonly #counting: () => SignalCounting;
  readonly #text: string;
  #live = 0;
  #ended = false;

  /** `userIds`: of the seats, in their order. */
  constructor(
    seats: readonly Seat[],
    userIds: readonly string[],
    how: {
      readonly target: { readonly host: string; readonly port: number };
      readonly text: string;
      readonly counting: () => SignalCounting;
      readonly onProblem: (problem: string) => void;
    },
  ) {
    const lane = seats[0]?.lanes[0];
    if (lane === undefined) throw new Error('A room needs its conversation.');
    this.#conversationId = lane.conversationId;
    this.#counting = how.counting;
    this.#text = how.text;
    this.#placeOf = new Map(userIds.map((userId, place) => [userId, place]));
    this.#members = seats.map((seat, place) => {
      const others = userIds.filter((_, other) => other !== place);
      const chatter: Chatter = new Chatter(seat, others, how.target, {
        onHere: () => this.#came(place),
        onFrame: (frame) => this.#arrived(place, frame),
        onProblem: how.onProblem,
      });
      return {
        chatter,
        userId: userIds[place] ?? '',
        knows: userIds.map(() => ({ delivered: 0, read: 0, typingSinceUs: 0, typedUntilUs: 0 })),
        toldUs: { delivered: [], read: [] },
        typingSinceUs: 0,
        typedUntilUs: 0,
        wasAway: false,
      };
    });
  }

  get size(): number {
    return this.#members.length;
  }

  get live(): number {
    return this.#live;
  }

  open(): void {
    for (const { chatter } of this.#members) chatter.come();
  }

  end(): void {
    this.#ended = true;
  }

  #came(place: number): void {
    const member = this.#members[place];
    if (member === undefined) return;
    this.#live += 1;
    this.#counting().happened('presence', this.#live - 1);
    this.#pause(member);
  }

  #pause(member: Member): void {
    this.#after(-Math.log(1 - Math.random()) * PAUSE_MS, () => {
      if (Math.random() < AWAY_SHARE) this.#leave(member);
      else this.#type(member, KEYS);
    });
  }

  #leave(member: Member): void {
    const awayMs = AWAY_MS[Math.random() < 0.5 ? 0 : 1];
    member.wasAway = awayMs * 1_000 > SETTLE_US;
    this.#live -= 1;
    this.#counting().happened('presence', this.#live);
    member.chatter.leave();
    this.#after(awayMs, () => member.chatter.come());
  }

  /** Every key is told; after the last one the message leaves. */
  #type(member: Member, keys: number): void {
    const now = nowUs();
    const { chatter } = member;
    if (keys === KEYS && now - member.typedUntilUs > TYPING_INTERVAL_US) member.typingSinceUs = now;
    this.#counting().happened('typing', this.#live - 1);
    const conversation_id = this.#conversationId;
    if (keys > 0) {
      chatter.say({ type: 'typing_start', conversation_id });
      return this.#after(KEY_MS, () => this.#type(member, keys - 1));
    }
    member.typedUntilUs = now;
    chatter.say({ type: 'typing_stop', conversation_id });
    const content = { text: this.#text };
    const client_msg_id = stampedUuid({ seat: chatter.seat.seat, slot: 0, run: 0, sentUs: now });
    chatter.say({ type: 'send_message', id: 10, client_msg_id, conversation_id, content });
    this.#counting().messages += 1;
    this.#pause(member);
  }

  #arrived(place: number, frame: ServerFrame): void {
    const member = this.#members[place];
    if (member === undefined) return;
    switch (frame.type) {
      case 'new_message':
        this.#sawMessage(member, frame.sender_id, frame.seq);
        return this.#confirm(member, frame.seq);
      case 'typing_start':
      case 'typing_stop':
        return this.#sawTyping(member, frame.user_id, frame.type === 'typing_start');
      case 'receipts':
        this.#counting().frames.receipts += 1;
        for (const { user_id: userId, delivered_up_to: delivered, read_up_to: read } of frame.cursors) {
          this.#sawCursor(member, userId, 'delivered', delivered);
          this.#sawCursor(member, userId, 'read', read);
        }
        return;
      case 'presence_update':
        return this.#sawPresence(member, frame.user_id, frame.status === 'online');
      case 'cursor_moved':
        this.#counting().ownFrames += 1;
        return;
      default:
    }
  }

  /** The group is open on the screen: what arrives is read. */
  #confirm({ chatter, toldUs }: Member, seq: number): void {
    const conversation_id = this.#conversationId;
    const others = this.#live - 1;
    const now = nowUs();
    for (const signal of ['delivered', 'read'] as const) {
      toldUs[signal][seq] = now;
      this.#counting().happened(signal, others);
    }
    chatter.say({ type: 'delivery_receipt', conversation_id, up_to: seq });
    chatter.say({ type: 'read_receipt', conversation_id, up_to: seq });
  }

  #sawTyping(member: Member, userId: string, started: boolean): void {
    const { knows, counting, other } = this.#saw(member, userId, 'typing');
    if (other === undefined || knows === undefined) return;
    const at = started ? 'typingSinceUs' : 'typedUntilUs';
    // Only the first frame of a spell tells something new, and only to those who were there when it began.
    if (other[at] > knows[at] && other[at] > member.chatter.hereUs) counting.lagUs.typing.add(nowUs() - other[at]);
    knows[at] = other[at];
  }

  /** Writing reads (SEND-11): no receipt follows for what lies before an own message. */
  #sawMessage(member: Member, userId: string, seq: number): void {
    const knows = member.knows[this.#placeOf.get(userId) ?? -1];
    if (knows === undefined) return;
    knows.delivered = Math.max(knows.delivered, seq);
    knows.read = Math.max(knows.read, seq);
  }

  /** A cursor tells of all places between the last one and its own. The own ones come with those of others. */
  #sawCursor(member: Member, userId: string, signal: 'delivered' | 'read', upTo: number): void {
    const { knows, counting, other } = this.#of(member, userId);
    if (other === undefined || knows === undefined || other === member) return;
    const now = nowUs();
    const { hereUs } = member.chatter;
    for (let seq = Math.max(knows[signal] + 1, upTo - 100); seq <= upTo; seq += 1) {
      const toldUs = other.toldUs[signal][seq];
      if (toldUs !== undefined && toldUs > hereUs) counting.lagUs[signal].add(now - toldUs);
    }
    knows[signal] = Math.max(knows[signal], upTo);
  }

  #sawPresence(member: Member, userId: string, online: boolean): void {
    const { hereUs } = member.chatter;
    // The answers to the watching itself are no news.
    if (hereUs === 0) return;
    const { counting, other } = this.#saw(member, userId, 'presence');
    if (other === undefined) return;
    const { cameUs, leftUs } = other.chatter;
    if (online && other.wasAway && cameUs > hereUs) counting.lagUs.presence.add(nowUs() - cameUs);
    if (!online && leftUs > hereUs) counting.awayUs.add(nowUs() - leftUs);
  }

  #saw(
    member: Member,
    userId: string,
    telling: Telling,
  ): { readonly counting: SignalCounting; readonly other: Member | undefined; readonly knows: Knowledge | undefined } {
    this.#counting().frames[telling] += 1;
    return this.#of(member, userId);
  }

  #of(
    member: Member,
    userId: string,
  ): { readonly counting: SignalCounting; readonly other: Member | undefined; readonly knows: Knowledge | undefined } {
    const place = this.#placeOf.get(userId) ?? -1;
    return { counting: this.#counting(), other: this.#members[place], knows: member.knows[place] };
  }

  #after(ms: number, act: () => void): void {
    setTimeout(() => {
      if (!this.#ended) act();
    }, ms);
  }
}
