import type { Account, Append, AppendOutcome, ConversationRecord, CreateConversation, Stores } from '@parley/core';
import {
  type ChannelId,
  type Content,
  type ConversationId,
  type DeviceId,
  type DirectId,
  directIdOf,
  type GroupId,
  type LogEntry,
  makeChannelId,
  makeDeviceId,
  makeGroupId,
  makeMessageId,
  makeUserId,
  type NewMessage,
  type Role,
  type UserId,
} from '@parley/protocol';
import { nodeDigest } from './node-digest.ts';
import { SeededRandom } from './seeded-random.ts';

/** A user at one device. */
export interface Person {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

/** Above 2^53 and close together: an engine that carries ids through floating point numbers mixes them up. */
const FIRST_ID_NUMBER = 0x3fff_ffff_0000_0001n;
const FIRST_MOMENT = 1_760_000_000_000;
export const ALL_ROLES: readonly Role[] = ['owner', 'admin', 'member'];

/** Builds people, conversations and messages through the ports. Ids and keys are new at each call and the same in each run. */
export class Builders {
  readonly stores: Stores;
  readonly random: SeededRandom;
  #idNumber = FIRST_ID_NUMBER;
  #now = FIRST_MOMENT;

  constructor(stores: Stores, seed = 1) {
    this.stores = stores;
    this.random = new SeededRandom(seed);
  }

  nextIdNumber(): bigint {
    return this.#idNumber++;
  }

  /** Unix ms, one second later at each call. */
  nextMoment(): number {
    this.#now += 1_000;
    return this.#now;
  }

  /** An account that is not stored yet. */
  account(change: Partial<Account> = {}): Parameters<Stores['accountStore']['create']>[0] {
    const number = this.nextIdNumber();
    return {
      userId: makeUserId(number),
      username: `person_${number.toString(36)}`,
      email: null,
      phone: null,
      name: `Person ${number.toString(36)}`,
      status: null,
      avatarUrl: null,
      privacy: { last_seen: 'everyone', read_receipts: true },
      passwordHash: '$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA',
      createdAt: this.nextMoment(),
      ...change,
    };
  }

  /** A user with one device. */
  async person(change: Partial<Account> = {}): Promise<Person> {
    const account = this.account(change);
    const outcome = await this.stores.accountStore.create(account, 'always');
    if (outcome.kind !== 'created') throw new Error(`The builder could not create an account: ${outcome.kind}.`);
    return this.deviceOf(account.userId);
  }

  async people(count: number): Promise<Person[]> {
    const people: Person[] = [];
    for (let made = 0; made < count; made += 1) people.push(await this.person());
    return people;
  }

  /** One more device of a user. */
  async deviceOf(userId: UserId): Promise<Person> {
    const deviceId = makeDeviceId(this.nextIdNumber());
    const at = this.nextMoment();
    const device = { deviceId, userId, name: 'Test device', createdAt: at, lastActiveAt: at };
    await this.stores.deviceStore.create(device, { digest: this.random.hex(64), expiresAt: at + 1e9 }, 100);
    return { userId, deviceId };
  }

  /** A request to create a group, not sent yet. */
  groupRequest(
    owner: Person,
    members: readonly Person[],
    change: Partial<ConversationRecord> = {},
  ): CreateConversation & { readonly key: NonNullable<CreateConversation['key']> } {
    return {
      record: {
        conversationId: makeGroupId(this.nextIdNumber()),
        kind: 'group',
        name: 'A group',
        description: null,
        avatarUrl: null,
        visibility: 'private',
        createdAt: this.nextMoment(),
        createdBy: owner.userId,
        ...change,
      },
      members: [
        { userId: owner.userId, role: 'owner' },
        ...members.map(({ userId }) => ({ userId, role: 'member' as const })),
      ],
      membersMax: 1_024,
      key: { clientMsgId: this.random.uuid(), fingerprint: this.random.hex(64) },
    };
  }

  async group(owner: Person, members: readonly Person[] = [], change: Partial<ConversationRecord> = {}) {
    // The cast holds: groupRequest makes a group id unless a test gives another one, which it then knows.
    return (await this.#create(this.groupRequest(owner, members, change))) as GroupId;
  }

  async channel(owner: Person, members: readonly Person[] = [], change: Partial<ConversationRecord> = {}) {
    const id = { conversationId: makeChannelId(this.nextIdNumber()), kind: 'channel' } as const;
    // The cast holds: the id was made by makeChannelId.
    return (await this.#create(
      this.groupRequest(owner, members, { name: 'A channel', ...id, ...change }),
    )) as ChannelId;
  }

  directRequest(one: Person, other: Person): CreateConversation {
    const conversationId = directIdOf(one.userId, other.userId);
    const request = this.groupRequest(one, [], { conversationId, kind: 'direct', name: null });
    const members = [one, other].map(({ userId }) => ({ userId, role: 'member' as const }));
    return { ...request, members, membersMax: 2, key: null };
  }

  async direct(one: Person, other: Person): Promise<DirectId> {
    // The cast holds: the id of a direct request is made by directIdOf.
    return (await this.#create(this.directRequest(one, other))) as DirectId;
  }

  async #create(request: CreateConversation): Promise<ConversationId> {
    const outcome = await this.stores.conversationStore.create(request);
    if (outcome.kind !== 'created') throw new Error(`The builder could not create a conversation: ${outcome.kind}.`);
    return request.record.conversationId;
  }

  newMessage(author: Person, conversationId: ConversationId, said: string | Content): Append {
    const content = typeof said === 'string' ? { text: said } : said;
    const message_id = makeMessageId(this.nextIdNumber());
    const client_msg_id = this.random.uuid();
    return this.#append(author, conversationId, { type: 'new_message', message_id, client_msg_id, content });
  }

  edit(author: Person, conversationId: ConversationId, target_seq: number, text: string): Append {
    const client_msg_id = this.random.uuid();
    return this.#append(author, conversationId, {
      type: 'message_edited',
      target_seq,
      client_msg_id,
      content: { text },
    });
  }

  deletion(author: Person, conversationId: ConversationId, target_seq: number): Append {
    const client_msg_id = this.random.uuid();
    return this.#append(author, conversationId, { type: 'message_deleted', target_seq, client_msg_id });
  }

  reaction(
    author: Person,
    conversationId: ConversationId,
    target_seq: number,
    emoji: string,
    action: 'added' | 'removed' = 'added',
  ): Append {
    const client_msg_id = this.random.uuid();
    return this.#append(author, conversationId, { type: 'reaction', target_seq, client_msg_id, emoji, action });
  }

  #append(
    author: Person,
    conversationId: ConversationId,
    body: Append['body'] & { readonly client_msg_id: string },
  ): Append {
    return {
      conversationId,
      author: { userId: author.userId, deviceId: author.deviceId, roles: ALL_ROLES },
      createdAt: this.nextMoment(),
      body,
      clientMsgId: body.client_msg_id,
      fingerprint: nodeDigest.sha256Hex(JSON.stringify(body)),
    };
  }

  /** Appends one entry. */
  async append(append: Append): Promise<AppendOutcome> {
    const [outcome] = await this.stores.messageLog.append([append]);
    if (outcome === undefined) throw new Error('The log gave no outcome for an append.');
    return outcome;
  }

  /** Appends one entry that must be stored. */
  async appended(append: Append): Promise<LogEntry> {
    const outcome = await this.append(append);
    if (outcome.kind !== 'appended') throw new Error(`The builder could not append an entry: ${outcome.kind}.`);
    return outcome.entry;
  }

  async send(author: Person, conversationId: ConversationId, said: string | Content): Promise<NewMessage> {
    const entry = await this.appended(this.newMessage(author, conversationId, said));
    if (entry.type !== 'new_message') throw new Error(`The log turned a new message into ${entry.type}.`);
    return entry;
  }

  /** The actor adds people, whatever its role. */
  add(actor: Person, conversationId: ConversationId, people: readonly Person[], membersMax = 1_024) {
    const userIds = people.map(({ userId }) => userId);
    const at = this.nextMoment();
    const request = { conversationId, actor: actor.userId, roles: ALL_ROLES, userIds, membersMax, at };
    return this.stores.membershipStore.add(request);
  }

  remove(actor: Person, conversationId: ConversationId, target: Person) {
    const at = this.nextMoment();
    const who = { conversationId, actor: actor.userId, userId: target.userId };
    return this.stores.membershipStore.remove({ ...who, roles: ['owner', 'admin'], reason: 'removed', at });
  }

  leave(person: Person, conversationId: ConversationId) {
    const at = this.nextMoment();
    const who = { conversationId, actor: person.userId, userId: person.userId };
    return this.stores.membershipStore.remove({ ...who, roles: 'self', reason: 'left', at });
  }

  changeRole(actor: Person, conversationId: ConversationId, target: Person, role: Role) {
    const at = this.nextMoment();
    const who = { conversationId, actor: actor.userId, userId: target.userId, role };
    return this.stores.membershipStore.changeRole({ ...who, roles: ['owner', 'admin'], at });
  }
}
