import { ApiError, type Client, type HeldConversation, type OutboxRow } from '@parley/client';
import { type ConversationId, ROUTES, type UserId } from '@parley/protocol';
import { shortened } from './checker/history.ts';
import { type Asked, messagesOf, type Step, type WorkloadDevice, type WorkloadParts } from './workload-parts.ts';

const EMOJI = ['👍', '🎉', '😀'] as const;
/** Names of channels begin with it. */
const CHANNEL = 'Channel';
const ROLES = ['owner', 'admin', 'member', 'member'] as const;
const PASSWORD_SUFFIX = ' has a long password';

export const passwordOf = (username: string): string => `${username}${PASSWORD_SUFFIX}`;

/** What people do, as they could do it: on what their own device shows them at the moment. */
export class Workload {
  readonly #parts: WorkloadParts;
  #ops: number;

  constructor(parts: WorkloadParts) {
    this.#parts = parts;
    this.#ops = parts.firstOp;
  }

  /** One random step of one device, begun; what comes of it is in the history. */
  step(device: WorkloadDevice): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const held = Object.values(client.store.getSnapshot().conversations);
    const chosen = this.#pick(held);
    if (chosen === undefined || this.#below(100) < 4)
      return this.#below(3) === 0 ? this.#join(device, client) : this.#create(device, client);
    const step: Step = { device, client, conversation: chosen.resource.conversation_id, held: chosen };
    const die = this.#below(100);
    // Who may only read mostly looks; a try to write is refused.
    const { kind, my } = chosen.resource;
    if (die < 65 && kind === 'channel' && my.role === 'member' && this.#below(5) > 0) return this.#look(step);
    if (die < 40) return this.#send(step);
    if (die < 49) return this.#edit(step);
    if (die < 56) return this.#delete(step);
    if (die < 65) return this.#react(step);
    if (die < 77) return this.#read(step);
    if (die < 80) return client.typing(step.conversation);
    if (die < 82) return this.#forward(step, held);
    if (die < 87) return this.#look(step);
    if (die < 89) return device.glimpse(step.conversation);
    if (die < 91) return this.#below(3) === 0 ? this.choosePrivacy(device) : this.#setUp(step);
    if (die < 99) return this.#changeMembers(step);
    if (this.#parts.canErase && this.#below(2) === 0) this.#erase(device, client);
  }

  /** Shares reading or presence from now on, or does not. */
  choosePrivacy(device: WorkloadDevice): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const isShared = this.#below(3) === 0;
    const [text, body] =
      this.#below(3) > 0
        ? ([`read_receipts ${isShared ? 'on' : 'off'}`, { read_receipts: isShared }] as const)
        : ([`last_seen ${isShared ? 'everyone' : 'nobody'}`, { last_seen: isShared ? 'everyone' : 'nobody' }] as const);
    this.#call(device, { verb: 'privacy', text }, () => client.api.call(ROUTES.updatePrivacy, { body }));
  }

  /** Makes a group of these people. Undefined: not known to be there. */
  async found(device: WorkloadDevice, members: readonly UserId[]): Promise<ConversationId | undefined> {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return undefined;
    const others = members.filter((user) => user !== device.user);
    const founding = client.createGroup(`Group ${this.#ops}`, others);
    this.#call(device, { verb: 'create' }, () => founding);
    return founding.then(
      ({ conversation_id: conversation }) => conversation,
      () => undefined,
    );
  }

  addOrRemove(device: WorkloadDevice, verb: 'add' | 'remove', conversation: ConversationId, other: UserId): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const head = client.store.getSnapshot().conversations[conversation]?.resource.head_seq ?? 0;
    const params = { conversation_id: conversation };
    this.#call(device, { verb, conversation, other, head }, () =>
      verb === 'add'
        ? client.api.call(ROUTES.addMembers, { params, body: { user_ids: [other] } })
        : client.api.call(ROUTES.removeMember, { params: { ...params, user_id: other } }),
    );
  }

  /** Says something in this conversation, where the device knows it. */
  say(device: WorkloadDevice, conversation: ConversationId): void {
    const { client } = device;
    const held = client?.store.getSnapshot().conversations[conversation];
    if (client !== undefined && held !== undefined && !device.isSignedOut)
      this.#send({ device, client, conversation, held });
  }

  /** Says something in the newest conversation that this device knows. */
  greet(device: WorkloadDevice): void {
    const all = Object.values(device.client?.store.getSnapshot().conversations ?? {});
    const newest = all.sort((one, other) => other.resource.created_at - one.resource.created_at)[0];
    if (newest !== undefined) this.say(device, newest.resource.conversation_id);
  }

  /** Looks at a conversation, if it is there. */
  open(device: WorkloadDevice, conversation: ConversationId): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    if (client.store.getSnapshot().conversations[conversation] !== undefined)
      this.#watch(device, client.openConversation(conversation));
  }

  leave(device: WorkloadDevice, conversation: ConversationId): Promise<unknown> {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return Promise.resolve();
    const leaving = client.api.call(ROUTES.leaveConversation, { params: { conversation_id: conversation } });
    this.#call(device, { verb: 'leave', conversation }, () => leaving);
    return leaving.catch(() => undefined);
  }

  /** Leaves a channel and joins it again. */
  leaveAndJoin(device: WorkloadDevice, conversation: ConversationId): void {
    const { client, clock } = device;
    if (client === undefined || device.isSignedOut) return;
    const leaving = this.leave(device, conversation);
    const joining = leaving.then(() => {
      if (!clock.isDead) this.#call(device, { verb: 'join', conversation }, () => client.joinChannel(conversation));
    });
    this.#watch(device, joining);
  }

  /** Finds a channel and joins it. */
  joinSome(device: WorkloadDevice): void {
    if (device.client !== undefined && !device.isSignedOut) this.#join(device, device.client);
  }

  /** Reads a page around some place again, while others change what is on it. */
  glanceBack(device: WorkloadDevice): void {
    const { client } = device;
    const held = this.#pick(Object.values(client?.store.getSnapshot().conversations ?? {}));
    if (client === undefined || held === undefined || device.isSignedOut) return;
    const { conversation_id: conversation, head_seq: head } = held.resource;
    this.#watch(device, client.loadAround(conversation, 1 + this.#below(head)));
  }

  /** A message that does not wait for the one before it: over HTTP, past the outbox. */
  shout(device: WorkloadDevice, conversation: ConversationId, key: string): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const params = { conversation_id: conversation };
    const body = { client_msg_id: key, content: { text: `shout ${key.slice(0, 8)}` } };
    this.#watch(device, client.api.call(ROUTES.sendMessage, { params, body }));
  }

  /** A message that is taken back at once: its place in the log is empty for everybody who was away. */
  takeBack(device: WorkloadDevice, conversation: ConversationId, keys: readonly [string, string]): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const work = async (): Promise<void> => {
      const said = { client_msg_id: keys[0], content: { text: 'taken back' } };
      const params = { conversation_id: conversation };
      const { seq } = await client.api.call(ROUTES.sendMessage, { params, body: said });
      if (seq === undefined) return;
      const body = { client_msg_id: keys[1], scope: 'everyone' } as const;
      await client.api.call(ROUTES.deleteMessage, { params: { ...params, seq }, body });
    };
    this.#watch(device, work());
  }

  /** Nobody waits for it; that it fails otherwise than a network or a server may is an escape. */
  #watch(device: WorkloadDevice, work: Promise<unknown>): void {
    const { clock } = device;
    work.catch((error: unknown) => {
      if (!clock.isDead && !isExpected(error))
        this.#parts.write({ type: 'escaped', what: `${device.name}: ${String(error)}` });
    });
  }

  /** One device says very much in one conversation. */
  burst(device: WorkloadDevice, messages: number, textLength: number): void {
    const { client } = device;
    if (client === undefined || device.isSignedOut) return;
    const held = this.#pick(Object.values(client.store.getSnapshot().conversations));
    if (held === undefined) return;
    const conversation = held.resource.conversation_id;
    for (let message = 0; message < messages; message += 1) {
      const text = `message ${this.#ops + 1}`.padEnd(textLength, '.');
      this.#queue(device, { verb: 'send', conversation, text: shortened(text) }, () =>
        client.send(conversation, { text }),
      );
    }
  }

  #below(limit: number): number {
    return this.#parts.below(limit);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#below(Math.max(1, items.length))];
  }

  #invoke(device: WorkloadDevice, asked: Asked): number {
    this.#ops += 1;
    this.#parts.write({ type: 'invoke', op: this.#ops, device: device.name, user: device.user, ...asked });
    return this.#ops;
  }

  /** A write of the outbox: from `kept` on it must come to an end. */
  #queue(device: WorkloadDevice, asked: Asked, write: (op: number) => Promise<OutboxRow | undefined>): void {
    const op = this.#invoke(device, asked);
    const { clock } = device;
    write(op).then(
      (row) => {
        if (!clock.isDead && row !== undefined) this.#parts.write({ type: 'kept', op, key: row.clientMsgId });
      },
      (error: unknown) => {
        if (!clock.isDead && !isExpected(error))
          this.#parts.write({ type: 'escaped', what: `${device.name}: ${String(error)}` });
      },
    );
  }

  #send({ device, client, conversation, held }: Step): void {
    const parent = this.#below(4) === 0 ? this.#pick(messagesOf(held)) : undefined;
    const text = `message ${this.#ops + 1}`;
    this.#queue(device, { verb: 'send', conversation, text }, () =>
      client.send(conversation, { text, ...(parent === undefined ? {} : { reply_to: parent.seq }) }),
    );
  }

  #forward({ device, client, conversation, held }: Step, all: readonly HeldConversation[]): void {
    const source = this.#pick(messagesOf(held));
    const to = this.#pick(all)?.resource.conversation_id;
    if (source === undefined || to === undefined) return;
    this.#queue(device, { verb: 'forward', conversation: to }, () =>
      client.forward(to, { conversationId: conversation, seq: source.seq }),
    );
  }

  #edit({ device, client, conversation, held }: Step): void {
    const target = this.#pick(messagesOf(held).filter(({ sender_id }) => sender_id === device.user));
    if (target === undefined) return;
    const text = `edited ${this.#ops + 1}`;
    this.#queue(device, { verb: 'edit', conversation, text, target: target.seq }, () =>
      client.edit(conversation, target.seq, { text }),
    );
  }

  #delete({ device, client, conversation, held }: Step): void {
    const target = this.#pick(messagesOf(held));
    if (target === undefined) return;
    const scope = target.sender_id === device.user && this.#below(3) > 0 ? 'everyone' : 'me';
    this.#queue(device, { verb: scope === 'me' ? 'hide' : 'delete', conversation, target: target.seq }, () =>
      client.delete(conversation, target.seq, scope),
    );
  }

  #react({ device, client, conversation, held }: Step): void {
    const target = this.#pick(messagesOf(held));
    if (target === undefined) return;
    const emoji = this.#pick(EMOJI) ?? EMOJI[0];
    const action = this.#below(3) === 0 ? 'removed' : 'added';
    this.#queue(device, { verb: 'react', conversation, target: target.seq, text: `${emoji} ${action}` }, () =>
      client.react(conversation, target.seq, emoji, action),
    );
  }

  /** Opens, scrolls and closes, while entries come: pages that are read meet what happens at the same time. */
  #look({ device, client, conversation, held }: Step): void {
    const { head_seq: head } = held.resource;
    const die = this.#below(8);
    if (die === 0) return client.closeConversation(conversation);
    const place = 1 + this.#below(head);
    const looking =
      die < 4
        ? client.openConversation(conversation)
        : die < 6
          ? client.loadOlder(conversation)
          : die < 7
            ? client.loadNewer(conversation)
            : client.loadAround(conversation, place);
    this.#watch(device, looking);
  }

  #read({ device, client, conversation, held }: Step): void {
    const head = held.resource.head_seq;
    const target = this.#below(3) === 0 ? (this.#pick(messagesOf(held))?.seq ?? head) : head;
    this.#invoke(device, { verb: 'read', conversation, target });
    client.markRead(conversation, target);
  }

  #call(device: WorkloadDevice, asked: Asked, work: () => Promise<unknown>): void {
    const op = this.#invoke(device, asked);
    const { clock } = device;
    work().then(
      (answer) => {
        if (clock.isDead) return;
        const made = asked.verb === 'create' ? (answer as { conversation_id: ConversationId }) : undefined;
        const conversation = made === undefined ? {} : { conversation: made.conversation_id };
        this.#parts.write({ type: 'answer', op, outcome: 'ok', ...conversation });
      },
      (error: unknown) => {
        if (clock.isDead) return;
        const code = error instanceof ApiError ? error.problem?.code : undefined;
        const isSure = code !== undefined && code !== 'STORE_UNAVAILABLE' && code !== 'INTERNAL';
        this.#parts.write({
          type: 'answer',
          op,
          outcome: isSure ? 'refused' : 'unknown',
          ...(code === undefined ? {} : { code }),
        });
        if (!isExpected(error)) this.#parts.write({ type: 'escaped', what: `${device.name}: ${String(error)}` });
      },
    );
  }

  #create(device: WorkloadDevice, client: Client): void {
    const others = this.#parts.users.filter((user) => user !== device.user);
    const other = this.#pick(others);
    if (other === undefined) return;
    const die = this.#below(5);
    if (die < 2) this.#call(device, { verb: 'create', other }, () => client.createDirect(other));
    else if (die < 3)
      this.#call(device, { verb: 'create' }, () =>
        client.createChannel(`${CHANNEL} ${this.#ops}`, this.#below(4) === 0 ? 'private' : 'public'),
      );
    else {
      const members = others.filter(() => this.#below(2) === 0);
      this.#call(device, { verb: 'create' }, () => client.createGroup(`Group ${this.#ops}`, members));
    }
  }

  archive(device: WorkloadDevice): void {
    const { client } = device;
    const held = this.#pick(Object.values(client?.store.getSnapshot().conversations ?? {}));
    if (client === undefined || held === undefined || device.isSignedOut) return;
    this.#set({ device, client, conversation: held.resource.conversation_id }, { archived: true });
  }

  /** Finds a public channel and joins it. */
  #join(device: WorkloadDevice, client: Client): void {
    const { clock } = device;
    const search = async (): Promise<void> => {
      const { items } = await client.api.call(ROUTES.searchChannels, { query: { query: CHANNEL, limit: 20 } });
      const conversation = this.#pick(items)?.conversation_id;
      if (conversation === undefined || clock.isDead) return;
      this.#call(device, { verb: 'join', conversation }, () => client.joinChannel(conversation));
    };
    this.#watch(device, search());
  }

  /** The member's own settings. */
  #setUp(step: Step): void {
    this.#set(step, this.#below(2) === 0 ? { archived: this.#below(2) === 0 } : { pinned: this.#below(2) === 0 });
  }

  #set(
    { device, client, conversation }: Pick<Step, 'device' | 'client' | 'conversation'>,
    body: { readonly archived: boolean } | { readonly pinned: boolean },
  ): void {
    const params = { conversation_id: conversation };
    this.#call(device, { verb: 'settings', conversation }, () =>
      client.api.call(ROUTES.updateSettings, { params, body }),
    );
  }

  #changeMembers({ device, client, conversation, held }: Step): void {
    if (held.resource.kind === 'direct') return;
    const params = { conversation_id: conversation };
    const head = held.resource.head_seq;
    const other = this.#pick(this.#parts.users.filter((user) => user !== device.user));
    if (other === undefined) return;
    const ofMember = { ...params, user_id: other };
    const die = this.#below(10);
    if (die < 6) this.addOrRemove(device, die < 4 ? 'add' : 'remove', conversation, other);
    else if (die < 7) void this.leave(device, conversation);
    else if (die < 9)
      this.#call(device, { verb: 'role', conversation, other, head }, () =>
        client.api.call(ROUTES.changeRole, { params: ofMember, body: { role: this.#pick(ROLES) ?? 'member' } }),
      );
    else
      this.#call(device, { verb: 'rename', conversation, head }, () =>
        client.api.call(ROUTES.updateConversation, { params, body: { name: `Renamed ${this.#ops}` } }),
      );
  }

  #erase(device: WorkloadDevice, client: Client): void {
    const username = client.store.getSnapshot().me?.username;
    if (username === undefined || username === null) return;
    this.#call(device, { verb: 'erase' }, () =>
      client.api.call(ROUTES.deleteMe, { body: { password: passwordOf(username) } }),
    );
  }
}

/** What the network, the server's refusals and the end of a session do to a call. Everything else is a fault of the client. */
export const isExpected = (error: unknown): boolean =>
  error instanceof ApiError || (error instanceof Error && error.name === 'SignedOutError');
