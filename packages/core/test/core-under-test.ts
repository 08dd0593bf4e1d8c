import { MemoryOneTimeSecrets, MemoryPresenceStore, MemoryRateLimiter, openMemoryStores } from '@parley/memory';
import type { ConversationId, DirectId, GroupId, SessionTokens } from '@parley/protocol';
import { collectLog, FakeClock, nodeDigest, SeededRandom } from '@parley/testkit';
import { register } from '../src/accounts/register.ts';
import type { Actor } from '../src/actor.ts';
import { createConversation } from '../src/conversations/create-conversation.ts';
import type { Core } from '../src/core.ts';
import { createIds } from '../src/ids/snowflake.ts';
import { sendMessage } from '../src/messages/send-message.ts';
import type { Outcome, Refused } from '../src/outcome.ts';
import type { BrokerEvent, Topic } from '../src/ports/broker.ts';
import type { AccessClaims, PasswordHasher, TokenSigner } from '../src/ports/security.ts';
import { defaultSettings, type Settings } from '../src/settings.ts';

export const ADDRESS = '198.51.100.7';
export const PASSWORD = 'correct horse battery';

/** The value of an outcome that must be done. */
export async function doneValue<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome;
  if (settled.kind === 'refused') throw new Error(`It was refused: ${settled.code}: ${settled.detail}`);
  return settled.value;
}

/** The refusal of an outcome that must be refused. */
export async function refusalOf(outcome: Promise<Outcome<unknown>>): Promise<Refused> {
  const settled = await outcome;
  if (settled.kind === 'done') throw new Error(`It was done: ${JSON.stringify(settled.value)}`);
  return settled;
}

export const codeOf = async (outcome: Promise<Outcome<unknown>>) => (await refusalOf(outcome)).code;

/** All items of a paged list, and how many there were on each page. */
export async function allPages<T>(
  read: (cursor: { readonly cursor?: string }) => Promise<Outcome<{ items: T[]; next_cursor: string | null }>>,
): Promise<{ readonly items: readonly T[]; readonly sizes: readonly number[] }> {
  const items: T[] = [];
  const sizes: number[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; next_cursor: string | null } = await doneValue(read(cursor === null ? {} : { cursor }));
    items.push(...page.items);
    sizes.push(page.items.length);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return { items, sizes };
}

/** Counts its work instead of doing it: what a hash costs is the adapter's test. */
export class PlainPasswordHasher implements PasswordHasher {
  readonly verified: string[] = [];

  async hash(password: string): Promise<string> {
    return `plain:${password}`;
  }

  async verify(hash: string, password: string): Promise<boolean> {
    this.verified.push(hash);
    return hash === `plain:${password}`;
  }
}

/** Tokens are their claims: signatures are the adapter's test. */
const plainTokenSigner: TokenSigner = {
  sign: async (claims) => `access ${JSON.stringify(claims)}`,
  async verify(token, at) {
    if (!token.startsWith('access {')) return { kind: 'invalid' };
    // The cast holds: only `sign` above makes tokens that begin like this.
    const claims = JSON.parse(token.slice(7)) as AccessClaims;
    return claims.expiresAt <= at ? { kind: 'expired' } : { kind: 'valid', claims };
  },
};

/** A core over the memory engine with a clock that stands still, and what it has told the world. */
export class CoreUnderTest {
  readonly clock = new FakeClock();
  readonly random = new SeededRandom(1);
  readonly log = collectLog();
  readonly passwordHasher = new PlainPasswordHasher();
  readonly published: { readonly topic: Topic; readonly event: BrokerEvent }[] = [];
  readonly sentCodes: { readonly phone: string; readonly code: string }[] = [];
  readonly core: Core;
  #names = 0;

  /** Without a limit of writes, unless a test sets one. */
  constructor(settings: Partial<Settings> = {}) {
    const { clock, random } = this;
    this.core = {
      ...openMemoryStores(),
      broker: {
        publish: (topic, event) => void this.published.push({ topic, event }),
        subscribe: async () => () => {},
      },
      presenceStore: new MemoryPresenceStore({ timeToLiveMs: defaultSettings.presenceTtlMs }),
      oneTimeSecrets: new MemoryOneTimeSecrets(),
      rateLimiter: new MemoryRateLimiter(),
      passwordHasher: this.passwordHasher,
      tokenSigner: plainTokenSigner,
      codeSender: { send: async (phone, code) => void this.sentCodes.push({ phone, code }) },
      clock,
      random,
      digest: nodeDigest,
      log: this.log,
      ids: createIds({ clock, random, nodeNumber: 0 }),
      settings: { ...defaultSettings, writesPerMinute: 0, ...settings },
      startedAt: clock.now(),
    };
  }

  key(): string {
    return this.random.uuid();
  }

  events<T extends BrokerEvent['type']>(type: T): Extract<BrokerEvent, { type: T }>[] {
    return this.published.map(({ event }) => event).filter((event) => event.type === type) as Extract<
      BrokerEvent,
      { type: T }
    >[]; // The cast holds: the filter keeps this type only.
  }

  session(name = `person${++this.#names}`, more: { phone?: string; email?: string } = {}): Promise<SessionTokens> {
    const body = { name, username: name, password: PASSWORD, device_name: 'Test device', ...more };
    return doneValue(register(this.core, body, ADDRESS));
  }

  async person(name?: string): Promise<Actor> {
    return actorOf(await this.session(name));
  }

  async people(count: number): Promise<Actor[]> {
    const people: Actor[] = [];
    while (people.length < count) people.push(await this.person());
    return people;
  }

  async direct(one: Actor, other: Actor): Promise<DirectId> {
    const body = { kind: 'direct', user_id: other.userId } as const;
    // The cast holds: a direct conversation was asked for.
    return (await doneValue(createConversation(this.core, one, body, null))).conversation_id as DirectId;
  }

  async group(owner: Actor, members: readonly Actor[] = []): Promise<GroupId> {
    const body = { kind: 'group', name: 'A group', member_ids: members.map(({ userId }) => userId) } as const;
    // The cast holds: a group was asked for.
    const { conversation_id } = await doneValue(
      createConversation(this.core, owner, { ...body, member_ids: [...body.member_ids] }, null),
    );
    return conversation_id as GroupId;
  }

  async channel(owner: Actor, members: readonly Actor[] = [], visibility: 'public' | 'private' = 'public') {
    const member_ids = members.map(({ userId }) => userId);
    const body = { kind: 'channel', name: 'A channel', visibility, member_ids } as const;
    return (await doneValue(createConversation(this.core, owner, { ...body, member_ids }, null))).conversation_id;
  }

  /** Sends a text and answers its seq. */
  async say(actor: Actor, conversationId: ConversationId, text = 'Hello'): Promise<number> {
    const input = { conversationId, clientMsgId: this.key(), content: { text } };
    const { seq } = await doneValue(sendMessage(this.core, actor, input));
    if (seq === undefined) throw new Error('A message has no seq.');
    return seq;
  }
}

export const actorOf = ({ me, device_id }: SessionTokens): Actor => ({
  userId: me.user_id,
  deviceId: device_id,
  connectionId: null,
});
