import type { Edge } from './edge.ts';

const BATCH = 500;

/**
 * The broker may lose any event, also the last one of a conversation, after which nothing would show the gap. So every topic in use is compared with its log from
 * time to time (S8), and each mailbox with its head. One read a batch: thousands of idle connections must not cost a read each.
 */
export function startLogRepair(edge: Edge): () => void {
  const { clock } = edge.core;
  let stopped = false;
  let cancel = (): void => undefined;
  const next = (): void => {
    if (stopped) return;
    cancel = clock.after(edge.options.repairIntervalMs, () => {
      edge.supervise('gateway.repair_failed', repair(edge).finally(next));
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}

async function repair({ core, hub }: Edge): Promise<void> {
  const conversations = [...hub.conversations.keys()];
  for (let first = 0; first < conversations.length; first += BATCH) {
    // An event that was lost in the last moment is found the next time.
    const heads = await core.messageLog.heads(conversations.slice(first, first + BATCH), { mayLag: true });
    for (const [id, head] of heads) hub.conversations.peek(id)?.checkHead(head.seq);
  }
  const users = [...hub.users.keys()];
  for (let first = 0; first < users.length; first += BATCH) {
    const batch = users.slice(first, first + BATCH);
    const userHeads = await core.userLog.heads(batch);
    for (const id of batch) hub.users.peek(id)?.checkHead(userHeads.get(id) ?? 0);
    const topics = batch.map((id) => hub.users.peek(id)).filter((topic) => topic !== undefined);
    const mailboxes = await core.mailbox.heads(topics.flatMap((topic) => topic.deviceIds()));
    for (const topic of topics) topic.checkMailboxes(mailboxes);
  }
}
