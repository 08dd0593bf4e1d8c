import type { UserEvent } from '@parley/protocol';
import type { Person } from '@parley/testkit';
import { expect, it } from 'vitest';
import { startNode } from '../test/test-node.ts';
import { newCounters } from './counters.ts';
import { type UserListener, UserTopic } from './user-topic.ts';

function listener(person: Person, userSeq: number | null, onEvent: (seq: number) => void = () => undefined) {
  const got: number[] = [];
  const session: UserListener = {
    actor: { ...person, connectionId: null },
    connection: { id: 'a connection', close: () => undefined },
    userSeq,
    mailbox: undefined,
    takeUserEvent: async ({ user_seq: seq }: UserEvent) => {
      got.push(seq);
      onEvent(seq);
    },
  };
  return { got, session };
}

it('[SYNC-2] a device that becomes live while the log is read for another one gets all that it lacks', async () => {
  const node = await startNode();
  const [ada, bob] = await node.build.people(2);
  if (ada === undefined || bob === undefined) throw new Error('No people.');
  const from = await node.core.userLog.head(ada.userId);
  for (let groups = 0; groups < 3; groups += 1) await node.build.group(bob, [ada]);
  const topic = new UserTopic(node.core, newCounters());
  const late = listener(ada, null);
  const early = listener(ada, from, (seq) => {
    if (seq === from + 2) late.session.userSeq ??= from;
  });
  topic.add(early.session);
  topic.add(late.session);
  await topic.catchUp();
  const all = [from + 1, from + 2, from + 3];
  expect([early.got, late.got]).toEqual([all, all]);
  await node.close();
});
