import { ROUTES, type RouteOutput } from '@parley/protocol';
import { useEffect, useState } from 'react';
import { type Chat, useChat } from '../app/chat.ts';
import { useMe } from '../app/state-hooks.ts';

export type Account = RouteOutput<typeof ROUTES.listUsers>['items'][number];

/** `unneeded`: the place stays in somebody's hands. Else those who could be given it, maybe nobody. */
type Successors = 'asking' | 'unneeded' | readonly Account[];

const PAGE = 100;

/** Who could look after the place when the one who asks is gone, and what to call when somebody was appointed. */
export function useSuccessors(): readonly [Successors, () => void] {
  const chat = useChat();
  const isAdmin = useMe()?.is_admin === true;
  const [successors, setSuccessors] = useState<Successors>(isAdmin ? 'asking' : 'unneeded');
  useEffect(() => {
    if (!isAdmin) return;
    const abort = new AbortController();
    // Without an answer the server decides, as it does for whoever goes around this.
    askFor(chat, abort.signal).then(
      (found) => !abort.signal.aborted && setSuccessors(found),
      () => !abort.signal.aborted && setSuccessors('unneeded'),
    );
    return () => abort.abort();
  }, [chat, isAdmin]);
  return [successors, () => setSuccessors('unneeded')];
}

/** Reads on until another administrator is found, which mostly is on the first page. */
async function askFor(chat: Chat, signal: AbortSignal): Promise<Successors> {
  const ownId = chat.store.getSnapshot().me?.user_id;
  const others: Account[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const page: RouteOutput<typeof ROUTES.listUsers> = await chat.api.call(ROUTES.listUsers, { query }, { signal });
    const here = page.items.filter((account) => !account.deleted && account.user_id !== ownId);
    if (here.some((account) => account.is_admin)) return 'unneeded';
    others.push(...here);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return others;
}
