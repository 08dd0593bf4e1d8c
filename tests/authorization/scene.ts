import { randomUUID } from 'node:crypto';
import { Person } from './people.ts';
import { ROLES, type RoleName } from './policy-table.ts';

/** Stands in the name and in the message of every scene: whoever is no member must not find it in any answer. */
export const SECRET = 'Saffron';

export type Kind = 'group' | 'channel';
export type Cast = Readonly<Record<RoleName, Person>> & { readonly bystander: Person; readonly newcomer: Person };

export async function registerCast(url: string): Promise<Cast> {
  // One after the other: the first account of a server is its administrator.
  const serverAdmin = await Person.register(url, 'serverAdmin');
  const others = [...ROLES.filter((role) => role !== 'serverAdmin'), 'bystander', 'newcomer'];
  const people = await Promise.all(others.map(async (name) => [name, await Person.register(url, name)] as const));
  // The cast holds: every name of Cast was registered.
  return { serverAdmin, ...Object.fromEntries(people) } as Cast;
}

/** A conversation with one message of its owner, in which everybody of the cast has the place that the name says. */
export interface Scene {
  readonly kind: Kind;
  readonly cast: Cast;
  readonly conversationId: string;
  readonly messageSeq: number;
}

export async function openScene(cast: Cast, kind: Kind): Promise<Scene> {
  const { owner, admin, member, removed, bystander } = cast;
  const created = await owner.prepare('POST', '/conversations', {
    kind,
    name: `${SECRET} ${kind}`,
    ...(kind === 'channel' ? { visibility: 'public' } : {}),
    member_ids: [admin, member, removed, bystander].map(({ userId }) => userId),
  });
  const conversationId = String(created.conversation_id);
  const path = `/conversations/${conversationId}`;
  await owner.prepare('PATCH', `${path}/members/${admin.userId}`, { role: 'admin' });
  await owner.prepare('DELETE', `${path}/members/${removed.userId}`);
  const message = { client_msg_id: randomUUID(), content: { text: `${SECRET} is in the text` } };
  const { seq } = await owner.prepare('POST', `${path}/messages`, message);
  return { kind, cast, conversationId, messageSeq: Number(seq) };
}

/** What a refused request could have changed: the conversation as owner and member see it, the owner's mailbox, the member's account (which the forged tokens name). */
export async function stateOf({ conversationId, cast: { owner, member } }: Scene): Promise<unknown> {
  return await Promise.all([
    owner.prepare('GET', `/conversations/${conversationId}`),
    member.prepare('GET', `/conversations/${conversationId}`),
    owner.prepare('GET', '/mailbox'),
    member.prepare('GET', '/me'),
  ]);
}
