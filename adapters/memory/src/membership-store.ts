import type { CursorMove, CursorRequest, Membership, MembershipStore } from '@parley/core';
import { type ConversationId, conversationKindOf, directIdOf, type MySettings, type UserId } from '@parley/protocol';
import { appendEntry } from './append-entry.ts';
import { byActivity } from './conversation-store.ts';
import { addMember, isLastOwner, membershipOf, smallestCursors, takeOut } from './member-rows.ts';
import { headOf } from './message-log.ts';
import { profileOf } from './profile.ts';
import type { MemberRow, State } from './state.ts';

const CONVERSATIONS_MAX = 10_000;

type Verb<Name extends 'add' | 'remove' | 'changeRole'> = {
  readonly request: Parameters<MembershipStore[Name]>[0];
  readonly outcome: Awaited<ReturnType<MembershipStore[Name]>>;
};

export class MemoryMembershipStore implements MembershipStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async find(conversationId: ConversationId, userId: UserId): Promise<Membership | undefined> {
    const member = this.#state.member(conversationId, userId);
    return member && membershipOf(member);
  }

  async conversationsOf(userId: UserId): Promise<readonly ConversationId[]> {
    return [...(this.#state.memberships.get(userId) ?? [])]
      .map((conversationId) => ({
        conversationId,
        lastActivityAt: this.#state.conversations.get(conversationId)?.lastActivityAt ?? 0,
      }))
      .sort(byActivity)
      .slice(0, CONVERSATIONS_MAX)
      .map(({ conversationId }) => conversationId);
  }

  async list(conversationId: ConversationId, after: UserId | null, limit: number) {
    return this.#membersAfter(conversationId, after)
      .slice(0, limit)
      .flatMap(({ userId, role, joinedAt }) => {
        const account = this.#state.accounts.get(userId);
        return account === undefined ? [] : [{ user: profileOf(account), role, joinedAt }];
      });
  }

  /** Members by user id. */
  #membersAfter(conversationId: ConversationId, after: UserId | null) {
    return [...(this.#state.conversations.get(conversationId)?.members.values() ?? [])]
      .filter(({ userId }) => after === null || userId > after)
      .sort((one, other) => (one.userId < other.userId ? -1 : 1));
  }

  async add(request: Verb<'add'>['request']): Promise<Verb<'add'>['outcome']> {
    const { conversationId, actor, roles, userIds, membersMax, at } = request;
    const conversation = this.#state.conversations.get(conversationId);
    if (conversation === undefined) return { kind: 'not_a_member' };
    if (roles !== 'self') {
      const member = conversation.members.get(actor);
      if (member === undefined) return { kind: 'not_a_member' };
      if (!roles.includes(member.role)) return { kind: 'role_too_low' };
    }
    const added = [...new Set(userIds)].filter((userId) => !conversation.members.has(userId));
    const unknown = added.find((userId) => this.#state.livingAccount(userId) === undefined);
    if (unknown !== undefined) return { kind: 'unknown_user', userId: unknown };
    if (added.length === 0) return { kind: 'unchanged' };
    if (conversation.members.size + added.length > membersMax) return { kind: 'too_many_members' };

    const entry = appendEntry(conversation, { type: 'member_added', user_ids: added }, actor, at);
    for (const userId of added) {
      addMember(this.#state, conversation, { userId, role: 'member', joinedAt: at, joinedAtSeq: entry.seq });
    }
    return { kind: 'changed', entry };
  }

  async remove(request: Verb<'remove'>['request']): Promise<Verb<'remove'>['outcome']> {
    const { conversationId, actor, roles, userId, reason } = request;
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(actor);
    if (conversation === undefined || member === undefined) return { kind: 'not_a_member' };
    if (roles !== 'self' && !roles.includes(member.role)) return { kind: 'role_too_low' };
    const target = conversation.members.get(userId);
    if (target === undefined) return { kind: 'target_missing' };
    if (target.role === 'owner' && member.role !== 'owner') return { kind: 'role_too_low' };
    if (isLastOwner(conversation, userId)) return { kind: 'last_owner' };

    const entry = takeOut(this.#state, conversation, request);
    this.#state.userFacts.append(userId, { type: 'conversation_left', conversationId, reason });
    return { kind: 'changed', entry };
  }

  async changeRole(request: Verb<'changeRole'>['request']): Promise<Verb<'changeRole'>['outcome']> {
    const { conversationId, actor, roles, userId, role, at } = request;
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(actor);
    if (conversation === undefined || member === undefined) return { kind: 'not_a_member' };
    if (!roles.includes(member.role)) return { kind: 'role_too_low' };
    const target = conversation.members.get(userId);
    if (target === undefined) return { kind: 'target_missing' };
    const touchesOwners = target.role === 'owner' || role === 'owner';
    if (touchesOwners && member.role !== 'owner') return { kind: 'role_too_low' };
    if (role !== 'owner' && isLastOwner(conversation, userId)) return { kind: 'last_owner' };

    conversation.members.set(userId, { ...target, role });
    const body = { type: 'member_role_changed', user_id: userId, role } as const;
    return { kind: 'changed', entry: appendEntry(conversation, body, actor, at) };
  }

  async moveCursors(requests: readonly CursorRequest[]): Promise<readonly (CursorMove | undefined)[]> {
    const moves = requests.map((request) => this.#moveOne(request));
    return requests.map(({ conversationId }, index) => {
      const [move, conversation] = [moves[index], this.#state.conversations.get(conversationId)];
      if (move === undefined || conversation === undefined) return undefined;
      const { delivered, read } = smallestCursors(conversation);
      return { ...move, deliveredByAllUpTo: delivered, readByAllUpTo: read };
    });
  }

  #moveOne({
    conversationId,
    userId,
    sharesReading,
    ...upTo
  }: CursorRequest): Omit<CursorMove, 'deliveredByAllUpTo' | 'readByAllUpTo'> | undefined {
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(userId);
    if (conversation === undefined || member === undefined) return undefined;
    const { seq: headSeq, count: messageCount } = headOf(conversation);
    const read = Math.min(upTo.readUpTo, headSeq);

    const deliveredUpTo = Math.max(member.deliveredUpTo, read, Math.min(upTo.deliveredUpTo, headSeq));
    const readUpTo = Math.max(member.readUpTo, read);
    const sharedReadUpTo = sharesReading ? Math.max(member.sharedReadUpTo, read) : member.sharedReadUpTo;
    const readCount = conversation.log[readUpTo - 1]?.entry.count ?? 0;
    conversation.members.set(userId, { ...member, deliveredUpTo, readUpTo, sharedReadUpTo, readCount });

    const ownMoved = deliveredUpTo > member.deliveredUpTo || readUpTo > member.readUpTo;
    const cursors = { deliveredUpTo, readUpTo, readCount };
    if (ownMoved) this.#state.userFacts.append(userId, { type: 'cursor_moved', conversationId, ...cursors });
    const isDelivery = deliveredUpTo > member.deliveredUpTo;
    const isNews = isDelivery || sharedReadUpTo > member.sharedReadUpTo;
    return { ...cursors, headSeq, messageCount, sharedReadUpTo, isNews, isDelivery };
  }

  async changeSettings(
    conversationId: ConversationId,
    userId: UserId,
    change: Partial<MySettings>,
  ): Promise<MySettings | undefined> {
    const conversation = this.#state.conversations.get(conversationId);
    const member = conversation?.members.get(userId);
    if (conversation === undefined || member === undefined) return undefined;
    const settings = { ...member.settings, ...change };
    conversation.members.set(userId, { ...member, settings });
    this.#state.userFacts.append(userId, { type: 'settings_changed', conversationId, settings });
    return settings;
  }

  async receipts(conversationId: ConversationId, seq: number, after: UserId | null, limit: number) {
    const senderId = this.#state.conversations.get(conversationId)?.log[seq - 1]?.entry.sender_id;
    const isRecipient = ({ userId, visibleFromSeq }: MemberRow) => userId !== senderId && visibleFromSeq <= seq;
    const recipients = this.#membersAfter(conversationId, null).filter(isRecipient);
    const items = this.#membersAfter(conversationId, after).filter(isRecipient).slice(0, limit);
    return {
      recipients: recipients.length,
      delivered: recipients.filter(({ deliveredUpTo }) => deliveredUpTo >= seq).length,
      read: recipients.filter(({ sharedReadUpTo }) => sharedReadUpTo >= seq).length,
      items: items.map(({ userId, deliveredUpTo, sharedReadUpTo: readUpTo }) => ({ userId, deliveredUpTo, readUpTo })),
    };
  }

  async acquaintances(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    const shared = [...(this.#state.memberships.get(userId) ?? [])].filter(
      (conversationId) => conversationKindOf(conversationId) !== 'channel',
    );
    return new Set(
      candidates.filter((candidate) =>
        shared.some((conversationId) => this.#state.member(conversationId, candidate) !== undefined),
      ),
    );
  }

  async turnedTo(userId: UserId, candidates: readonly UserId[]): Promise<ReadonlySet<UserId>> {
    return new Set(
      candidates.filter((candidate) => {
        const direct = directIdOf(userId, candidate);
        if (this.#state.member(direct, userId) === undefined) return false;
        return this.#state.member(direct, candidate)?.tookPart === true;
      }),
    );
  }
}
