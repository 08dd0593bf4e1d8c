import {
  type ConversationId,
  type DeviceId,
  directIdOf,
  idNumber,
  makeChannelId,
  makeDeviceId,
  makeGroupId,
  makeUserId,
  type UserId,
} from '@parley/protocol';
import type { Person } from '../people.ts';
import type { ClonedRows, Row } from './cloned-rows.ts';
import { Talk } from './talk.ts';
import type { WorldPlan } from './world.ts';

interface Settler {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  userSeq: number;
}

/** How a conversation that the server made looks in its tables. */
interface ConversationTemplate {
  readonly conversation: Row;
  readonly head: Row;
  /** Only what is there before anybody writes. */
  readonly log: readonly Row[];
  readonly creator: Row;
  readonly member: Row;
  readonly joined: Row;
}

/** New ids lie so far above the founders' that the server will not reach them during a run: its own ids grow with the time. */
const ID_GAP = 1n << 40n;
const TRANSACTION_CONVERSATIONS = 20_000;

/** Copies the two founders and their conversations as often as a plan wants. */
export class Settlers {
  readonly people: Settler[] = [];
  readonly directs: ConversationId[] = [];
  readonly groups: ConversationId[] = [];
  readonly channels: ConversationId[] = [];
  readonly #rows: ClonedRows;
  readonly #founder: bigint;
  readonly #direct: ConversationTemplate;
  readonly #group: ConversationTemplate;
  readonly #channel: ConversationTemplate;
  readonly #talk: Talk;
  readonly #firstConversation: bigint;
  #nextConversation: bigint;
  #nextId: bigint;

  constructor(rows: ClonedRows, founder: Person) {
    this.#rows = rows;
    this.#founder = idNumber(founder.userId);
    this.#direct = this.#templateOf("id LIKE 'dir%'");
    this.#group = this.#templateOf("id LIKE 'grp%'");
    // Who was there from the start is one entry; a channel's could be as long as all its members, and nobody reads it here.
    const channel = this.#templateOf("id LIKE 'chn%'");
    this.#channel = { ...channel, log: channel.log.slice(0, 1) };
    this.#talk = new Talk(rows, this.#direct.log.length);
    this.#firstConversation = BigInt(Number(rows.one('SELECT max(conversation) AS top FROM conversation').top)) + 1n;
    this.#nextConversation = this.#firstConversation;
    this.#nextId = idNumber(founder.userId) + ID_GAP;
  }

  settle(plan: WorldPlan, onProgress: (line: string) => void): void {
    this.#rows.inTransaction(() => this.#settlePeople(plan.people));
    const directs = plan.directs ?? [];
    for (let from = 0; from < directs.length; from += TRANSACTION_CONVERSATIONS) {
      this.#rows.inTransaction(() => {
        for (const [one, other] of directs.slice(from, from + TRANSACTION_CONVERSATIONS))
          this.#startDirect(this.#person(one), this.#person(other), plan);
      });
      onProgress(
        `${Math.min(directs.length, from + TRANSACTION_CONVERSATIONS)} of ${directs.length} conversations written`,
      );
    }
    if (plan.messagesPerDirect !== undefined)
      this.#talk.write(plan.messagesPerDirect, plan.messageBytes ?? 200, onProgress);
    this.#rows.inTransaction(() => {
      const named = (members: readonly number[]): Settler[] => members.map((member) => this.#person(member));
      for (const members of plan.groups ?? []) {
        const id = makeGroupId(this.#newId());
        this.#startMany(this.#group, id, named(members));
        this.groups.push(id);
      }
      for (const members of plan.channels ?? []) {
        const id = makeChannelId(this.#newId());
        this.#startMany(this.#channel, id, named(members));
        this.channels.push(id);
      }
    });
    this.#rows.inTransaction(() => this.#notePlaces());
  }

  /** Where the entries lie in the log: what the server notes of them when it settles them. */
  #notePlaces(): void {
    this.#rows.run(
      'INSERT INTO log_place SELECT conversation, seq, entry FROM log WHERE conversation >= ? ORDER BY conversation, seq',
      this.#firstConversation,
    );
    this.#rows.run('UPDATE meta SET settled_entry = (SELECT max(entry) FROM log)');
  }

  #templateOf(condition: string): ConversationTemplate {
    const conversation = this.#rows.one(`SELECT * FROM conversation WHERE ${condition}`);
    const number = conversation.conversation ?? 0n;
    const from = (table: string, more = ''): Row[] =>
      this.#rows.all(`SELECT * FROM ${table} WHERE conversation = ? ${more}`, number);
    const one = (table: string, more = ''): Row =>
      this.#rows.one(`SELECT * FROM ${table} WHERE conversation = ? ${more}`, number);
    // The number of an entry is given in the order of writing.
    const log = from('log', 'AND client_msg_id IS NULL ORDER BY seq').map(({ entry: _, ...row }) => row);
    const member = one('membership', `AND user_id <> ${this.#founder}`);
    const creator = one('membership', `AND user_id = ${this.#founder}`);
    return {
      conversation,
      head: one('head'),
      log,
      creator,
      member,
      joined: one('user_log', `AND user_id = ${this.#founder}`),
    };
  }

  #settlePeople(count: number): void {
    const account = this.#rows.one('SELECT * FROM account WHERE user_id = ?', this.#founder);
    const device = this.#rows.one('SELECT * FROM device WHERE user_id = ?', this.#founder);
    const facts = this.#rows.all(
      'SELECT * FROM user_log WHERE user_id = ? AND conversation IS NULL ORDER BY seq',
      this.#founder,
    );
    for (let place = 0; place < count; place += 1) {
      const userId = makeUserId(this.#newId());
      const deviceId = makeDeviceId(this.#newId());
      const username = `settler${place}`;
      const person = { user_id: idNumber(userId) };
      this.#rows.clone('account', account, {
        ...person,
        username,
        username_key: username,
        name: `Settler ${place}`,
        is_admin: 0,
      });
      this.#rows.clone('device', device, { ...person, device_id: idNumber(deviceId) });
      facts.forEach((fact, index) => this.#rows.clone('user_log', fact, { ...person, seq: index + 1 }));
      this.people.push({ userId, deviceId, userSeq: facts.length });
    }
  }

  #startDirect(one: Settler, other: Settler, { messagesPerDirect = 0 }: WorldPlan): void {
    const template = this.#direct;
    const id = directIdOf(one.userId, other.userId);
    const conversation = this.#clone(template, id, one);
    const entries = template.log.length;
    const [authorOne, authorOther] = [one, other].map(({ userId, deviceId }) => ({
      user: idNumber(userId),
      device: idNumber(deviceId),
    }));
    if (authorOne === undefined || authorOther === undefined) return;
    const written = this.#talk.join(conversation, [authorOne, authorOther], messagesPerDirect);
    this.#cloneHead(template, conversation, entries, messagesPerDirect);
    for (const [place, settler] of [one, other].entries())
      this.#join(
        template,
        conversation,
        settler,
        place === 0 ? template.creator : template.member,
        written[place] ?? { seq: entries, count: 0 },
      );
    this.directs.push(id);
  }

  #startMany(template: ConversationTemplate, id: ConversationId, members: readonly Settler[]): void {
    const [owner] = members;
    if (owner === undefined) return;
    const conversation = this.#clone(template, id, owner, members);
    const entries = template.log.length;
    this.#cloneHead(template, conversation, entries, 0);
    for (const settler of members) {
      // The rows that are copied are of two members: no crowd, which many are.
      const row = { ...(settler === owner ? template.creator : template.member), in_crowd: 1 };
      this.#join(template, conversation, settler, row, { seq: entries, count: 0 });
    }
  }

  /** The conversation and what its log holds before anybody writes. */
  #clone(
    template: ConversationTemplate,
    id: ConversationId,
    creator: Settler,
    members: readonly Settler[] = [],
  ): bigint {
    const conversation = this.#nextConversation;
    this.#nextConversation += 1n;
    const creatorNumber = idNumber(creator.userId);
    const memberCount = members.length || 2;
    this.#rows.clone('conversation', template.conversation, {
      conversation,
      id,
      created_by: creatorNumber,
      member_count: memberCount,
    });
    for (const entry of template.log) {
      const changed = { conversation, sender_id: creatorNumber };
      const names = String(entry.data).includes('"user_ids"');
      const others = members.filter((member) => member !== creator).map(({ userId }) => userId);
      this.#rows.clone('log', entry, names ? { ...changed, data: JSON.stringify({ user_ids: others }) } : changed);
    }
    return conversation;
  }

  #cloneHead(template: ConversationTemplate, conversation: bigint, entries: number, messages: number): void {
    const place = { seq: entries + messages, count: messages, message_seq: messages === 0 ? 0 : entries + messages };
    // Recent first, as a list of conversations shows them: a later one has the later activity.
    const last_activity_at = BigInt(Number(template.head.last_activity_at)) + conversation;
    this.#rows.clone('head', template.head, { conversation, ...place, last_activity_at });
  }

  #join(
    template: ConversationTemplate,
    conversation: bigint,
    settler: Settler,
    row: Row,
    read: { readonly seq: number; readonly count: number },
  ): void {
    const user_id = idNumber(settler.userId);
    const cursors = {
      delivered_up_to: read.seq,
      read_up_to: read.seq,
      shared_read_up_to: read.seq,
      read_count: read.count,
    };
    this.#rows.clone('membership', row, { conversation, user_id, ...cursors });
    settler.userSeq += 1;
    this.#rows.clone('user_log', template.joined, { user_id, seq: settler.userSeq, conversation });
  }

  #person(place: number): Settler {
    const settler = this.people[place];
    if (settler === undefined) throw new Error(`There is no person ${place} in this world.`);
    return settler;
  }

  #newId(): bigint {
    this.#nextId += 1n;
    return this.#nextId;
  }
}
