import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_SCHEMAS, type CommandType, ROUTES, type RouteName } from '@parley/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { startServer } from '../../tools/load/server-process.ts';
import { askPoll, askSocket, type Heard, pokePoll } from './frame-doors.ts';
import { makeTokens } from './identities.ts';
import { type Answer, callAs, Person } from './people.ts';
import {
  COMMAND_POLICY,
  IDENTITIES,
  type IdentityName,
  type Outcome,
  ROLES,
  ROUTE_POLICY,
  type RoleName,
  type Row,
} from './policy-table.ts';
import { COMMAND_REQUESTS, type Request, ROUTE_REQUESTS } from './requests.ts';
import { type Kind, openScene, registerCast, type Scene, SECRET, stateOf } from './scene.ts';

const directory = await mkdtemp(join(tmpdir(), 'parley-authorization-'));
const server = await startServer(directory);
const { url } = server;
let cast = await registerCast(url);
const tokens = await makeTokens(url, directory, cast);
let cells = 0;

afterAll(async () => {
  await server.stop('SIGKILL');
  await rm(directory, { recursive: true, force: true });
  console.log(`Authorisation: ${cells} cells.`);
});

const IDENTITY_NAMES = Object.keys(IDENTITIES) as IdentityName[];
const MEMBER_ROLES: readonly RoleName[] = ['member', 'admin', 'owner'];

/** The scene that is asked; a request that was done may have changed it, then the next asker gets a new one. */
const scenes = new Map<Kind, { readonly scene: Scene; readonly state: unknown }>();

async function sceneOf(kind: Kind): Promise<{ readonly scene: Scene; readonly state: unknown }> {
  const present = scenes.get(kind);
  if (present !== undefined) return present;
  const scene = await openScene(cast, kind);
  const fresh = { scene, state: await stateOf(scene) };
  scenes.set(kind, fresh);
  return fresh;
}

const rowOf = (policy: Row | { readonly group: Row; readonly channel: Row }, kind: Kind): Row =>
  'group' in policy ? policy[kind] : policy;

const addressOf = (name: RouteName, { params = {}, query }: Request): string => {
  const path = ROUTES[name].path.replace(/:(\w+)/g, (_, param: string) => String(params[param]));
  return query === undefined ? path : `${path}?${query}`;
};

const ask = (name: RouteName, token: string | null, request: Request): Promise<Answer> =>
  callAs(url, token, ROUTES[name].method, addressOf(name, request), request.body);

/** An id of the same kind that nothing has. */
const absentFor = (id: string): string => `${id.slice(0, 4)}0000000000001`;

/** A refusal without what differs between any two answers. */
const wordsOf = ({ body: { request_id: _, ...words } }: Answer): unknown => words;

/** What a cell did, where it is not what the table says; empty where it is. */
async function judge(
  kind: Kind,
  name: string,
  who: string,
  isMember: boolean,
  expected: Outcome,
  answer: Pick<Heard, 'outcome' | 'text'>,
): Promise<string[]> {
  cells += 1;
  const found =
    answer.outcome === expected ? [] : [`${name} by ${who} in a ${kind}: ${answer.outcome}, not ${expected}`];
  if (!isMember && answer.text.includes(SECRET)) found.push(`${name} by ${who} in a ${kind}: tells the secret`);
  const { scene, state } = await sceneOf(kind);
  if (expected === 'done' || (expected === 'silent' && isMember)) scenes.clear();
  else if (JSON.stringify(await stateOf(scene)) !== JSON.stringify(state))
    found.push(`${name} by ${who} in a ${kind}: was refused and changed something`);
  return found;
}

/** Requests that end the device or the account of the asker: it gets a new one, of the same place. */
const SPENDING: ReadonlySet<string> = new Set<RouteName>(['logout', 'deleteMe', 'changePassword']);

async function replace(role: RoleName): Promise<void> {
  const next = role === 'serverAdmin' ? await cast[role].logIn() : await Person.register(url, role);
  cast = { ...cast, [role]: next };
  scenes.clear();
}

async function askAll(name: RouteName, kind: Kind): Promise<string[]> {
  const row = rowOf(ROUTE_POLICY[name], kind);
  const found: string[] = [];
  for (const [index, role] of ROLES.entries()) {
    const expected = row[index] ?? 'INTERNAL';
    const { scene } = await sceneOf(kind);
    const actor = cast[role];
    const request = await ROUTE_REQUESTS[name](scene, actor);
    // Joining lets in: only what others hear counts.
    const isMember = MEMBER_ROLES.includes(role) || (name === 'joinChannel' && kind === 'channel');
    const answer = await ask(name, actor.token, request);
    found.push(...(await judge(kind, name, role, isMember, expected, answer)));
    if (expected === 'NOT_FOUND' && !isMember && request.params !== undefined && name !== 'forwardMessage') {
      const params = Object.fromEntries(
        Object.entries(request.params).map(([param, value]) => [
          param,
          typeof value === 'string' ? absentFor(value) : value,
        ]),
      );
      const absent = await ask(name, actor.token, { ...request, params });
      if (JSON.stringify(wordsOf(absent)) !== JSON.stringify(wordsOf(answer)))
        found.push(`${name} by ${role} in a ${kind}: absent and forbidden read differently`);
    }
    if (SPENDING.has(name) && expected === 'done') await replace(role);
  }
  for (const identity of IDENTITY_NAMES) {
    const expected = ROUTES[name].auth === 'none' ? (row[0] ?? 'INTERNAL') : IDENTITIES[identity];
    const { scene } = await sceneOf(kind);
    const answer = await ask(name, tokens[identity], await ROUTE_REQUESTS[name](scene, null));
    found.push(...(await judge(kind, name, identity, false, expected, answer)));
  }
  return found;
}

async function commandAll(type: CommandType, kind: Kind, door: 'socket' | 'poll'): Promise<string[]> {
  const row = rowOf(COMMAND_POLICY[type], kind);
  const name = `${type} by ${door}`;
  const found: string[] = [];
  for (const [index, role] of ROLES.entries()) {
    const { scene } = await sceneOf(kind);
    const actor = cast[role];
    const command = { type, ...(await COMMAND_REQUESTS[type](scene, actor)) };
    const say = (said: object) => (door === 'socket' ? askSocket(url, actor.token, said) : askPoll(actor, said));
    const answer = await say(command);
    const expected = row[index] ?? 'INTERNAL';
    const isMember = MEMBER_ROLES.includes(role);
    found.push(...(await judge(kind, name, role, isMember, expected, answer)));
    if (isMember || expected !== 'NOT_FOUND' || !('conversation_id' in command)) continue;
    const absent = await say({ ...command, conversation_id: absentFor(scene.conversationId) });
    if (absent.reply !== answer.reply)
      found.push(
        `${name} by ${role} in a ${kind}: absent and forbidden read differently: ${absent.reply} ${answer.reply}`,
      );
  }
  for (const identity of IDENTITY_NAMES) {
    const { scene } = await sceneOf(kind);
    const token = tokens[identity];
    const command = { type, ...(await COMMAND_REQUESTS[type](scene, null)) };
    const cursor = String((await cast.owner.prepare('POST', '/events')).cursor);
    const answer = await (door === 'socket' ? askSocket(url, token, command) : pokePoll(url, token, cursor, command));
    // On a socket, authenticating with nothing is not yet a refused token.
    const expected =
      door === 'socket' && type === 'authenticate' && token === null ? 'TOKEN_INVALID' : IDENTITIES[identity];
    const isSilent = expected === 'NOT_AUTHENTICATED' && row[0] === 'silent' && answer.outcome === 'silent';
    found.push(...(await judge(kind, name, identity, false, isSilent ? 'silent' : expected, answer)));
    await cast.owner.prepare('DELETE', `/events?cursor=${cursor}`);
  }
  return found;
}

const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
const isInConversation = (name: RouteName): boolean => /:conversation_id/.test(ROUTES[name].path);
// The one administrator of the server is deleted last.
const inOrder = [...ROUTE_NAMES.filter((name) => name !== 'deleteMe')];
const COMMAND_TYPES = COMMAND_SCHEMAS.map((schema) => schema.shape.type.value);
const KINDS: readonly Kind[] = ['group', 'channel'];

describe('authorisation', () => {
  test.each(inOrder)(
    '[SEND-6] [AUTH-4] %s over HTTP is for whom the table says, and a refusal changes nothing',
    async (name) => {
      for (const kind of isInConversation(name) ? KINDS : KINDS.slice(0, 1))
        expect(await askAll(name, kind)).toEqual([]);
    },
  );

  for (const door of ['socket', 'poll'] as const)
    test.each(COMMAND_TYPES)(
      `[SEND-6] [AUTH-4] the command %s by ${door} is for whom the table says, and a refusal changes nothing`,
      async (type) => {
        const hasConversation = 'group' in COMMAND_POLICY[type] || /message|receipt|typing|entries|react/.test(type);
        for (const kind of hasConversation ? KINDS : KINDS.slice(0, 1))
          expect(await commandAll(type, kind, door)).toEqual([]);
      },
    );

  test('[ACCT-1] deleteMe over HTTP is for whom the table says, and a refusal changes nothing', async () => {
    expect(await askAll('deleteMe', 'group')).toEqual([]);
  });
});
