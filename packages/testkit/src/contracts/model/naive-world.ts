import type { Append, Stores } from '@parley/core';
import { type ConversationId, conversationKindOf, type EntryBody, type UserId } from '@parley/protocol';
import { expect } from 'vitest';
import { ALL_ROLES, type Builders, type Person } from '../../builders.ts';
import { readWholeLog, readWholeUserLog } from '../read-everything.ts';
import { NaiveConversation } from './naive-conversation.ts';
import { NaiveFacts } from './naive-facts.ts';
import type { Step } from './steps.ts';

/** Three people in a group, a channel and a direct conversation: once in the stores of an engine and once in the naive model. */
export class NaiveWorld {
  readonly build: Builders;
  readonly devices: readonly Person[];
  readonly conversations: readonly (readonly [ConversationId, NaiveConversation])[];
  readonly facts: NaiveFacts;
  /** Which outcomes of which appends came about: shows that the steps are worth their name. */
  readonly seen = new Set<string>();
  readonly #appends: Append[] = [];

  private constructor(
    build: Builders,
    devices: readonly Person[],
    conversations: readonly (readonly [ConversationId, NaiveConversation])[],
    facts: NaiveFacts,
  ) {
    this.build = build;
    this.devices = devices;
    this.conversations = conversations;
    this.facts = facts;
  }

  static async create(build: Builders): Promise<NaiveWorld> {
    const { stores } = build;
    const [alice, bob, carol] = [await build.person(), await build.person(), await build.person()];
    const ids = [
      await build.group(alice, [bob]),
      await build.channel(alice, [bob, carol]),
      await build.direct(alice, bob),
    ];
    const devices = [alice, bob, carol, await build.deviceOf(alice.userId)];
    const conversations = [];
    for (const id of ids) conversations.push([id, await firstStateOf(stores, id, devices)] as const);
    const facts = new NaiveFacts();
    for (const { userId } of [alice, bob, carol]) {
      for (const { userId: _, seq: __, ...fact } of await readWholeUserLog(stores.userLog, userId)) {
        facts.push(userId, fact);
      }
    }
    return new NaiveWorld(build, devices, conversations, facts);
  }

  get people(): readonly Person[] {
    return this.devices.slice(0, 3);
  }

  person(index: number): Person {
    const person = this.devices[index];
    if (person === undefined) throw new Error(`There is no device ${index}.`);
    return person;
  }

  #conversation(index: number): readonly [ConversationId, NaiveConversation] {
    const conversation = this.conversations[index];
    if (conversation === undefined) throw new Error(`There is no conversation ${index}.`);
    return conversation;
  }

  /** Does one step in both and expects the same outcome. */
  async take(step: Step): Promise<void> {
    switch (step.type) {
      case 'send':
      case 'edit':
      case 'delete':
      case 'react':
        return this.#append(this.#appendOf(step));
      case 'repeat': {
        const append = this.#appends[step.index % this.#appends.length];
        return append === undefined ? undefined : this.#append(append);
      }
      case 'hide':
        return this.#hide(step);
      case 'move':
        return this.#move(step);
      case 'add':
        return this.#add(step);
      case 'remove':
      case 'leave':
        return this.#remove(step);
      case 'role':
        return this.#changeRole(step);
    }
  }

  #appendOf(step: Extract<Step, { type: 'send' | 'edit' | 'delete' | 'react' }>): Append {
    const [id, naive] = this.#conversation(step.conversation);
    const author = this.person(step.device);
    const text = `text ${this.#appends.length}`;
    switch (step.type) {
      case 'send': {
        const said = step.replyTo === null ? text : { text, reply_to: naive.targetSeq(step.replyTo) };
        return this.build.newMessage(author, id, said);
      }
      case 'edit':
        return this.build.edit(author, id, naive.targetSeq(step.target), text);
      case 'delete':
        return this.build.deletion(author, id, naive.targetSeq(step.target));
      case 'react':
        return this.build.reaction(author, id, naive.targetSeq(step.target), step.emoji, step.action);
    }
  }

  async #append(append: Append): Promise<void> {
    this.#appends.push(append);
    const naive = this.conversations.find(([id]) => id === append.conversationId)?.[1];
    const expected = naive?.append(append);
    const outcome = await this.build.append(append);
    this.seen.add(`${append.body.type} ${outcome.kind}`);
    if (outcome.kind === 'duplicate') expect({ kind: outcome.kind, seq: outcome.entry.seq }).toEqual(expected);
    else expect(outcome).toEqual(expected);
  }

  async #hide(step: Extract<Step, { type: 'hide' }>): Promise<void> {
    const [id, naive] = this.#conversation(step.conversation);
    const { userId } = this.person(step.person);
    const seq = naive.targetSeq(step.target);
    const member = naive.members.get(userId);
    const isMessage = naive.message(seq, userId) !== undefined;
    let expected = 'not_a_member';
    if (member?.hidden.has(seq)) expected = 'unchanged';
    else if (member) expected = isMessage && seq >= member.visibleFromSeq ? 'hidden' : 'target_missing';
    if (expected === 'hidden') {
      member?.hidden.add(seq);
      this.facts.push(userId, { type: 'message_hidden', conversationId: id, messageSeq: seq });
    }
    expect(await this.build.stores.userLog.hideMessage(userId, id, seq)).toBe(expected);
  }

  async #move(step: Extract<Step, { type: 'move' }>): Promise<void> {
    const [conversationId, naive] = this.#conversation(step.conversation);
    const { userId } = this.person(step.person);
    const { kind, shared } = step;
    const upTo = Math.max(0, naive.headSeq - step.behind);
    const places = kind === 'read' ? { deliveredUpTo: 0, readUpTo: upTo } : { deliveredUpTo: upTo, readUpTo: 0 };
    const request = { conversationId, userId, ...places, sharesReading: shared };
    const before = naive.members.get(userId);
    const deliveredBefore = before?.deliveredUpTo ?? 0;
    const seenBefore = before === undefined ? 0 : before.deliveredUpTo + before.sharedReadUpTo;
    const hasMoved = naive.move(request);
    const [answer] = await this.build.stores.membershipStore.moveCursors([request]);
    expect(answer === undefined).toBe(hasMoved === undefined);
    const member = naive.members.get(userId);
    if (answer === undefined || member === undefined) return;
    const { deliveredUpTo, readUpTo, sharedReadUpTo } = member;
    const readCount = naive.countAt(readUpTo);
    if (hasMoved) {
      this.facts.push(userId, { type: 'cursor_moved', conversationId, deliveredUpTo, readUpTo, readCount });
    }
    const smallest = (cursor: 'sharedReadUpTo' | 'deliveredUpTo') =>
      Math.min(...[...naive.members.values()].map((other) => other[cursor]));
    expect(answer).toEqual({
      deliveredUpTo,
      readUpTo,
      readCount,
      headSeq: naive.headSeq,
      messageCount: naive.countAt(naive.headSeq),
      sharedReadUpTo,
      isNews: deliveredUpTo + sharedReadUpTo > seenBefore,
      isDelivery: deliveredUpTo > deliveredBefore,
      deliveredByAllUpTo: smallest('deliveredUpTo'),
      readByAllUpTo: smallest('sharedReadUpTo'),
    });
  }

  async #add(step: Extract<Step, { type: 'add' }>): Promise<void> {
    const [conversationId, naive] = this.#conversation(step.conversation);
    const { userId } = this.person(step.person);
    const actor = this.person(step.actor).userId;
    const at = this.build.nextMoment();
    const request = { conversationId, actor, roles: ALL_ROLES, userIds: [userId], membersMax: 100, at };
    const outcome = await this.build.stores.membershipStore.add(request);
    if (!naive.members.has(actor)) expect(outcome).toEqual({ kind: 'not_a_member' });
    else if (naive.members.has(userId)) expect(outcome).toEqual({ kind: 'unchanged' });
    else {
      const entry = naive.push({ type: 'member_added', user_ids: [userId] }, actor, at);
      const visibleFromSeq = conversationKindOf(conversationId) === 'group' ? entry.seq : 1;
      const cursors = { deliveredUpTo: entry.seq, readUpTo: entry.seq, sharedReadUpTo: entry.seq };
      naive.members.set(userId, { role: 'member', visibleFromSeq, ...cursors, hidden: new Set() });
      this.facts.push(userId, { type: 'conversation_joined', conversationId });
      expect(outcome).toEqual({ kind: 'changed', entry });
    }
  }

  async #remove(step: Extract<Step, { type: 'remove' | 'leave' }>): Promise<void> {
    const [conversationId, naive] = this.#conversation(step.conversation);
    const { userId } = this.person(step.person);
    const actor = step.type === 'leave' ? userId : this.person(step.actor).userId;
    const at = this.build.nextMoment();
    const [roles, reason] = step.type === 'leave' ? (['self', 'left'] as const) : ([ADMINS, 'removed'] as const);
    const request = { conversationId, actor, roles, userId, reason, at };
    const outcome = await this.build.stores.membershipStore.remove(request);
    const refusal = refusalOfChange(naive, actor, userId, roles, true);
    if (refusal !== undefined) {
      expect(outcome).toEqual({ kind: refusal });
      return;
    }
    naive.members.delete(userId);
    this.facts.push(userId, { type: 'conversation_left', conversationId, reason });
    const body: EntryBody = { type: 'member_removed', user_id: userId, reason };
    expect(outcome).toEqual({ kind: 'changed', entry: naive.push(body, actor, at) });
  }

  async #changeRole(step: Extract<Step, { type: 'role' }>): Promise<void> {
    const [conversationId, naive] = this.#conversation(step.conversation);
    const { userId } = this.person(step.person);
    const actor = this.person(step.actor).userId;
    const { role } = step;
    // Alone and owner: what becomes of a conversation that nobody owns is not promised.
    if (naive.members.size === 1) return;
    const at = this.build.nextMoment();
    const request = { conversationId, actor, roles: ADMINS, userId, role, at };
    const outcome = await this.build.stores.membershipStore.changeRole(request);
    const makesOwner = role === 'owner' && naive.members.get(actor)?.role === 'admin' && naive.members.has(userId);
    const refusal = makesOwner ? 'role_too_low' : refusalOfChange(naive, actor, userId, ADMINS, role !== 'owner');
    if (refusal !== undefined) {
      expect(outcome).toEqual({ kind: refusal });
      return;
    }
    const target = naive.members.get(userId);
    if (target !== undefined) target.role = role;
    const body: EntryBody = { type: 'member_role_changed', user_id: userId, role };
    expect(outcome).toEqual({ kind: 'changed', entry: naive.push(body, actor, at) });
  }
}

const ADMINS = ['owner', 'admin'] as const;

/** Why a member may not be removed or get another role. */
function refusalOfChange(
  naive: NaiveConversation,
  actor: UserId,
  userId: UserId,
  roles: typeof ADMINS | 'self',
  endsOwnership: boolean,
): 'not_a_member' | 'role_too_low' | 'target_missing' | 'last_owner' | undefined {
  const actorRole = naive.members.get(actor)?.role;
  const target = naive.members.get(userId);
  if (actorRole === undefined) return 'not_a_member';
  if (roles !== 'self' && actorRole === 'member') return 'role_too_low';
  if (target === undefined) return 'target_missing';
  if (target.role !== 'owner') return undefined;
  if (actorRole !== 'owner') return 'role_too_low';
  const leavesNone = endsOwnership && naive.members.size > 1 && !naive.hasOtherOwner(userId);
  return leavesNone ? 'last_owner' : undefined;
}

async function firstStateOf(stores: Stores, id: ConversationId, people: readonly Person[]): Promise<NaiveConversation> {
  const naive = new NaiveConversation(await readWholeLog(stores.messageLog, id));
  for (const { userId } of people) {
    const membership = await stores.membershipStore.find(id, userId);
    if (membership === undefined) continue;
    const { role, visibleFromSeq, deliveredUpTo, readUpTo } = membership;
    const cursors = { deliveredUpTo, readUpTo, sharedReadUpTo: readUpTo };
    naive.members.set(userId, { role, visibleFromSeq, ...cursors, hidden: new Set() });
  }
  return naive;
}
