import type {
  ChangeOutcome,
  ConversationRecord,
  ConversationStore,
  ConversationView,
  CreateConversation,
  ListPlace,
} from '@parley/core';
import {
  type ConversationId,
  type EntryBody,
  isDirectId,
  type LogEntry,
  type Message,
  type User,
  type UserId,
  usersOfDirect,
} from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import { presentState } from './fold-entry.ts';
import { addMember, membershipOf, smallestCursors } from './member-rows.ts';
import { headOf } from './message-log.ts';
import { profileOf } from './profile.ts';
import type { ConversationRow, MemberRow, State } from './state.ts';

type CreateOutcome = Awaited<ReturnType<ConversationStore['create']>>;

export class MemoryConversationStore implements ConversationStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async create(request: CreateConversation): Promise<CreateOutcome> {
    return this.#refusalOf(request) ?? { kind: 'created', entries: this.#write(request) };
  }

  #refusalOf({ record, members, membersMax, key }: CreateConversation): CreateOutcome | undefined {
    const first = key === null ? undefined : this.#state.creationKeys.get(`${record.createdBy} ${key.clientMsgId}`);
    if (first !== undefined) {
      if (first.fingerprint !== key?.fingerprint) return { kind: 'key_reused' };
      return { kind: 'exists', conversationId: first.conversationId };
    }
    const { conversationId } = record;
    if (this.#state.conversations.has(conversationId)) return { kind: 'exists', conversationId };
    if (members.length > membersMax) return { kind: 'too_many_members' };
    const unknown = members.find(({ userId }) => this.#state.livingAccount(userId) === undefined);
    return unknown === undefined ? undefined : { kind: 'unknown_user', userId: unknown.userId };
  }

  #write({ record, members, key }: CreateConversation): readonly LogEntry[] {
    const { conversationId, createdAt, createdBy } = record;
    const conversation: ConversationRow = {
      record: { ...record },
      log: [],
      members: new Map(),
      keys: new Map(),
      messageCount: 0,
      lastActivityAt: createdAt,
    };
    this.#state.conversations.set(conversationId, conversation);
    if (key !== null) {
      const { clientMsgId, fingerprint } = key;
      this.#state.creationKeys.set(`${createdBy} ${clientMsgId}`, { conversationId, fingerprint });
    }
    const entries = [appendEntry(conversation, creationOf(record), createdBy, createdAt)];
    const others = members.map(({ userId }) => userId).filter((userId) => userId !== createdBy);
    if (record.kind !== 'direct' && others.length > 0) {
      entries.push(appendEntry(conversation, { type: 'member_added', user_ids: others }, createdBy, createdAt));
    }
    for (const member of members) {
      addMember(this.#state, conversation, { ...member, joinedAt: createdAt, joinedAtSeq: 1 });
    }
    return entries;
  }

  async find(conversationId: ConversationId): Promise<ConversationRecord | undefined> {
    const conversation = this.#state.conversations.get(conversationId);
    return conversation && recordOf(conversation);
  }

  async view(conversationId: ConversationId, viewer: UserId): Promise<ConversationView | undefined> {
    return this.#viewOf(conversationId, viewer);
  }

  #viewOf(conversationId: ConversationId, viewer: UserId): ConversationView | undefined {
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(viewer);
    if (conversation === undefined || member === undefined) return undefined;
    const smallest = smallestCursors(conversation);
    return {
      record: recordOf(conversation),
      head: headOf(conversation),
      membership: membershipOf(member),
      lastMessage: lastMessageFor(conversation, member),
      peer: this.#peerOf(conversationId, viewer),
      deliveredByAllUpTo: smallest.delivered,
      readByAllUpTo: smallest.read,
    };
  }

  #peerOf(conversationId: ConversationId, viewer: UserId): User | null {
    if (!isDirectId(conversationId)) return null;
    const peerId = usersOfDirect(conversationId).find((userId) => userId !== viewer);
    const account = peerId && this.#state.accounts.get(peerId);
    return account ? profileOf(account) : null;
  }

  async list(
    viewer: UserId,
    options: { readonly after: ListPlace | null; readonly limit: number; readonly archived: boolean | undefined },
  ): Promise<readonly ConversationView[]> {
    const { after, limit, archived } = options;
    return [...(this.#state.memberships.get(viewer) ?? [])]
      .flatMap((conversationId) => this.#viewOf(conversationId, viewer) ?? [])
      .filter(({ membership }) => archived === undefined || membership.settings.archived === archived)
      .sort((one, other) => byActivity(placeOf(one), placeOf(other)))
      .filter((view) => after === null || byActivity(placeOf(view), after) > 0)
      .slice(0, limit);
  }

  async update(request: Parameters<ConversationStore['update']>[0]): Promise<ChangeOutcome> {
    const conversation = this.#state.conversations.get(request.conversationId);
    const member = conversation?.members.get(request.actor);
    if (conversation === undefined || member === undefined) return { kind: 'not_a_member' };
    if (!request.roles.includes(member.role)) return { kind: 'role_too_low' };
    const { change, actor, at } = request;
    conversation.record = { ...conversation.record, ...change };
    return { kind: 'changed', entry: appendEntry(conversation, updateOf(change), actor, at) };
  }

  async publicChannels(
    query: string,
    after: { readonly name: string; readonly conversationId: ConversationId } | null,
    limit: number,
  ): Promise<readonly ConversationRecord[]> {
    const beginning = query.toLowerCase();
    return [...this.#state.conversations.values()]
      .map(recordOf)
      .filter(({ kind, visibility }) => kind === 'channel' && visibility === 'public')
      .filter(({ name }) => name?.toLowerCase().startsWith(beginning))
      .sort(byName)
      .filter((record) => after === null || byName(record, after) > 0)
      .slice(0, limit);
  }
}

function recordOf({ record, members }: ConversationRow): ConversationRecord {
  return { ...record, memberCount: members.size };
}

function creationOf({ kind, name, description, visibility }: CreateConversation['record']): EntryBody {
  return {
    type: 'conversation_created',
    kind,
    visibility,
    ...(name === null ? {} : { name }),
    ...(description === null ? {} : { description }),
  };
}

/** On the wire an empty text clears description and picture. */
function updateOf(change: Parameters<ConversationStore['update']>[0]['change']): EntryBody {
  const { name, description, avatarUrl, visibility } = change;
  return {
    type: 'conversation_updated',
    ...(name === undefined || name === null ? {} : { name }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl ?? '' }),
    ...(visibility === undefined ? {} : { visibility }),
  };
}

/** The newest message that the member may see and has not hidden; a tombstone counts. */
function lastMessageFor({ log }: ConversationRow, member: MemberRow): Message | null {
  for (let seq = log.length; seq >= member.visibleFromSeq; seq -= 1) {
    const state = log[seq - 1]?.state;
    if (state && !member.hidden.has(seq)) return presentState(state, member.userId);
  }
  return null;
}

function placeOf({ head, record }: ConversationView): ListPlace {
  return { lastActivityAt: head.lastActivityAt, conversationId: record.conversationId };
}

const compare = <Value extends string | number>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** Newest first; of the same moment the larger id first. */
export function byActivity(one: ListPlace, other: ListPlace): number {
  return compare(other.lastActivityAt, one.lastActivityAt) || compare(other.conversationId, one.conversationId);
}

function byName(
  one: Pick<ConversationRecord, 'name' | 'conversationId'>,
  other: Pick<ConversationRecord, 'name' | 'conversationId'>,
): number {
  return compare(one.name ?? '', other.name ?? '') || compare(one.conversationId, other.conversationId);
}
