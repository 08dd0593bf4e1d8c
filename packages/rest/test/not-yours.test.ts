import { API_PREFIX, ROUTES, type Route, type RouteName } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { openRest } from './open-rest.ts';
import { SAMPLE_BODIES } from './samples.ts';

const bodies = new Map<string, unknown>(Object.entries(SAMPLE_BODIES));

describe('[SEND-6] a conversation of others and one that does not exist', () => {
  // The cast holds: these are the keys of ROUTES, and Object.entries loses their type.
  const inConversation = (Object.entries<Route>(ROUTES) as [RouteName, Route][]).filter(
    ([, route]) => route.params?.shape.conversation_id !== undefined,
  );

  test.each(inConversation)('%s gives both the same answer', async (name, route) => {
    const { inject, call, join } = await openRest();
    const [ada, eve] = [await join('ada'), await join('eve')];
    const { body: group } = await call(
      'createConversation',
      { body: { kind: 'group', name: 'Secret', member_ids: [] } },
      { token: ada.token },
    );
    const body = bodies.get(name);
    const answerFor = async (conversation: string) => {
      const path = route.path
        .replace(':conversation_id', conversation)
        .replace(':user_id', ada.userId)
        .replace(':seq', '1');
      const answer = await inject({
        method: route.method,
        url: `${API_PREFIX}${path}${name === 'listEntries' ? '?after_seq=0' : ''}`,
        headers: {
          authorization: `Bearer ${eve.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: answer.status, text: answer.text.replace(/"request_id":"[^"]+"/, '') };
    };
    const foreign = await answerFor(group.conversation_id);
    expect(foreign.status).toBe(404);
    expect(foreign.text).toContain('"code":"NOT_FOUND"');
    expect(foreign).toEqual(await answerFor('grp_0000000000001'));
  });
});

test('only administrators see the administration', async () => {
  const { call, join } = await openRest();
  const [ada, bob] = [await join('ada'), await join('bob')];
  expect((await call('getStats', {}, { token: ada.token })).status).toBe(200);
  for (const name of ['getStats', 'listUsers', 'listInvitations'] as const)
    expect(await call(name, {}, { token: bob.token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
});
