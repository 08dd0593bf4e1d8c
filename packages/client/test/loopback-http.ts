import { API_PREFIX, ERRORS, type ErrorCode, parseConversationId, ROUTES, type Route } from '@parley/protocol';
import type { Person } from '@parley/testkit';
import type { LoopbackServer } from './loopback-server.ts';
import { conversationOf, meOf, pageOf } from './wire-shapes.ts';

/** The routes that a client uses by itself. */
export async function answerHttp(server: LoopbackServer, url: string, init: RequestInit): Promise<Response> {
  // As much later as a real answer: what was asked for is not there in the same turn.
  await Promise.resolve();
  const { pathname, searchParams } = new URL(url);
  const path = pathname.slice(API_PREFIX.length);
  const is = (route: Route): boolean =>
    init.method === route.method && new RegExp(`^${route.path.replace(/:[a-z_]+/g, '[^/]+')}$`).test(path);
  const { stores } = server;

  if (is(ROUTES.login) && server.loginAs !== undefined) return json(200, await sessionOf(server, server.loginAs));
  if (is(ROUTES.refresh)) {
    const { refresh_token: token } = JSON.parse(String(init.body)) as { refresh_token: string };
    const [, userId, deviceId] = token.split(' ');
    return json(200, await sessionOf(server, { userId, deviceId } as Person));
  }

  const person = server.personOf(new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? '');
  if (person === undefined) return refused('TOKEN_EXPIRED');
  if (path.startsWith('/events')) return server.polls.answer(init, searchParams.get('cursor'));
  if (is(ROUTES.getSnapshot)) {
    const user_seq = await stores.userLog.head(person.userId);
    const views = await stores.conversationStore.list(person.userId, { after: null, limit: 100, archived: false });
    const me = await meOf(stores, person.userId);
    const conversations = views.map(conversationOf);
    return json(200, { epoch: server.epoch, user_seq, me, conversations, next_cursor: null });
  }
  if (is(ROUTES.listConversations)) {
    const archived = searchParams.get('archived') === 'true';
    const views = await stores.conversationStore.list(person.userId, { after: null, limit: 100, archived });
    return json(200, { items: views.map(conversationOf), next_cursor: null });
  }
  const conversationId = parseConversationId(path.split('/')[2] ?? '');
  if (conversationId === undefined) return refused('NOT_FOUND');
  const view = await stores.conversationStore.view(conversationId, person.userId);
  if (view === undefined) return refused('NOT_FOUND');
  if (is(ROUTES.getConversation)) return json(200, conversationOf(view));
  if (is(ROUTES.listMessages)) {
    const number = (name: string): number | undefined =>
      searchParams.has(name) ? Number(searchParams.get(name)) : undefined;
    const afterSeq = number('after_seq') ?? (number('around_seq') ?? 0) - 1;
    const slice = await stores.messageLog.history({
      conversationId,
      viewer: person.userId,
      visibleFromSeq: view.membership.visibleFromSeq,
      from: afterSeq >= 0 ? { afterSeq } : { beforeSeq: number('before_seq') ?? view.head.seq + 1 },
      limit: number('limit') ?? 50,
    });
    return json(200, pageOf(slice, server.epoch));
  }
  return refused('NOT_FOUND');
}

const sessionOf = async (server: LoopbackServer, person: Person) => ({
  access_token: server.tokenOf(person),
  access_expires_at: server.clock.now() + 600_000,
  refresh_token: `refresh ${person.userId} ${person.deviceId}`,
  refresh_expires_at: server.clock.now() + 1e10,
  device_id: person.deviceId,
  me: await meOf(server.stores, person.userId),
});

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

function refused(code: ErrorCode): Response {
  const { status, title } = ERRORS[code];
  return json(status, { type: 'about:blank', title, status, code, detail: title });
}
