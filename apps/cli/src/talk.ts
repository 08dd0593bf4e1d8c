import { type Client, conversationList, tickOf, timeline, unreadOf } from '@parley/client';
import { type ConversationId, ROUTES, type User } from '@parley/protocol';
import { HELP, type TypedCommand } from './typed-command.ts';
import { nameOfConversation, nameOfUser, shortTime, tickMark } from './words.ts';

/** A person at a terminal: which conversation is open, and what typed commands do. Answers with lines to show; both faces (screen and lines) use it. */
export class Talk {
  readonly #client: Client;
  readonly #now: () => number;
  #open: ConversationId | undefined;

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  get openId(): ConversationId | undefined {
    return this.#open;
  }

  async open(conversationId: ConversationId): Promise<void> {
    if (this.#open !== undefined) this.#client.closeConversation(this.#open);
    this.#open = conversationId;
    const peer = this.#client.store.getSnapshot().conversations[conversationId]?.resource.peer;
    this.#client.watchPresence(peer ? [peer.user_id] : []);
    await this.#client.openConversation(conversationId);
    this.readAll();
  }

  /** What is on the screen is read. */
  readAll(): void {
    if (this.#open !== undefined) this.#client.markRead(this.#open);
  }

  /** Runs a command. `'quit'` ends the talk. Throws what the SDK throws: sentences. */
  async run(command: TypedCommand): Promise<readonly string[] | 'quit'> {
    switch (command.kind) {
      case 'nothing':
        return [];
      case 'unclear':
        return [command.sentence];
      case 'quit':
        return 'quit';
      case 'help':
        return HELP;
      case 'list':
        return this.#list();
      case 'open':
        return await this.#openByName(command.target);
      case 'group':
        return await this.#startGroup(command.name, command.usernames);
      case 'devices':
        return await this.#devices();
      case 'retry':
        return await this.#retry();
      case 'say':
      case 'reply':
      case 'edit':
      case 'delete':
      case 'react':
      case 'older':
      case 'who':
        return this.#open === undefined
          ? ['Open a conversation first: /list, then /open NAME.']
          : await this.#inConversation(this.#open, command);
    }
  }

  async #inConversation(
    conversationId: ConversationId,
    command: Extract<TypedCommand, { kind: 'say' | 'reply' | 'edit' | 'delete' | 'react' | 'older' | 'who' }>,
  ): Promise<readonly string[]> {
    switch (command.kind) {
      case 'say':
        await this.#client.send(conversationId, { text: command.text });
        return [];
      case 'reply':
        await this.#client.send(conversationId, { text: command.text, reply_to: command.seq });
        return [];
      case 'edit':
        await this.#client.edit(conversationId, command.seq, { text: command.text });
        return [];
      case 'delete':
        await this.#client.delete(conversationId, command.seq, command.scope);
        return [];
      case 'react':
        await this.#client.react(conversationId, command.seq, command.emoji, 'added');
        return [];
      case 'older':
        await this.#client.loadOlder(conversationId);
        return [];
      case 'who':
        return await this.#whoHas(conversationId);
    }
  }

  #list(): readonly string[] {
    const state = this.#client.store.getSnapshot();
    const all = conversationList(state.conversations);
    if (all.length === 0) return ['No conversations yet. /open USERNAME starts one.'];
    return all.map((conversation, index) => {
      const { resource } = conversation;
      const unread = unreadOf(conversation);
      const last = resource.last_message;
      const tick = last !== null && last.sender_id === state.me?.user_id ? `${tickMark(tickOf(state, last))} ` : '';
      const preview = last === null ? '' : `  ${tick}${(last.content?.text ?? '(deleted)').slice(0, 40)}`;
      return `${String(index + 1).padStart(3)}  ${unread > 0 ? `(${unread}) ` : ''}${nameOfConversation(conversation)}  ${shortTime(resource.last_activity_at, this.#now())}${preview}`;
    });
  }

  async #openByName(target: string): Promise<readonly string[]> {
    const all = conversationList(this.#client.store.getSnapshot().conversations);
    const known =
      all[Number(target) - 1] ??
      all.find((conversation) => nameOfConversation(conversation).toLowerCase() === target.toLowerCase());
    if (known !== undefined) {
      await this.open(known.resource.conversation_id);
      return [];
    }
    const user = await this.#findUser(target);
    if (user === undefined) return [`Nobody here is called “${target}”.`];
    const conversation = await this.#client.createDirect(user.user_id);
    await this.open(conversation.conversation_id);
    return [];
  }

  async #findUser(username: string): Promise<User | undefined> {
    const { items } = await this.#client.api.call(ROUTES.searchUsers, { query: { query: username, limit: 20 } });
    const wanted = username.toLowerCase();
    const me = this.#client.store.getSnapshot().me?.user_id;
    const others = items.filter((user) => user.user_id !== me);
    return (
      others.find((user) => user.username === wanted) ??
      others.find((user) => user.name.toLowerCase() === wanted) ??
      (others.length === 1 ? others[0] : undefined)
    );
  }

  async #startGroup(name: string, usernames: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      usernames.slice(0, 50).map(async (username) => ({ username, user: await this.#findUser(username) })),
    );
    const missing = found.filter(({ user }) => user === undefined).map(({ username }) => username);
    if (missing.length > 0)
      return [`The group was not started: nobody here is called ${missing.map((name) => `“${name}”`).join(', ')}.`];
    const conversation = await this.#client.createGroup(
      name,
      found.flatMap(({ user }) => (user === undefined ? [] : [user.user_id])),
    );
    await this.open(conversation.conversation_id);
    return [];
  }

  async #whoHas(conversationId: ConversationId): Promise<readonly string[]> {
    const state = this.#client.store.getSnapshot();
    const own = timeline(state, conversationId)?.items.findLast(
      (item) => item.kind === 'message' && item.message.sender_id === state.me?.user_id,
    );
    if (own === undefined) return ['You have not written here yet.'];
    const receipts = await this.#client.api.call(ROUTES.getReceipts, {
      params: { conversation_id: conversationId, seq: own.seq },
      query: { limit: 50 },
    });
    const people = receipts.items.map(
      (item) =>
        `  ${nameOfUser(state, item.user_id)}: ${item.read ? 'has read it' : item.delivered ? 'has it' : 'does not have it yet'}`,
    );
    return [
      `Message ${own.seq}: delivered to ${receipts.delivered} of ${receipts.recipients}, read by ${receipts.read}.`,
      ...people,
    ];
  }

  async #devices(): Promise<readonly string[]> {
    const { items } = await this.#client.api.call(ROUTES.listDevices, {});
    return items.map(
      (device) =>
        `  ${device.name}${device.current ? ' (this one)' : ''}, last active ${shortTime(device.last_active_at, this.#now())}`,
    );
  }

  async #retry(): Promise<readonly string[]> {
    const failed = this.#client.store.getSnapshot().outbox.filter((row) => row.state.kind === 'failed');
    for (const row of failed) await this.#client.retry(row.clientMsgId);
    return [failed.length === 0 ? 'Nothing was refused.' : `Sending ${failed.length} again.`];
  }
}
