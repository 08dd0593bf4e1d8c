import { type ConversationId, type Member, ROUTES } from '@parley/protocol';
import { useCallback, useEffect, useState } from 'react';
import { type Chat, useChat, useSelected } from '../app/chat.ts';

/** A page is 100 people; more than this many are not held by a view. */
const PAGES_MAX = 50;

export interface Members {
  readonly items: readonly Member[];
  readonly state: 'loading' | 'done' | 'failed';
  /** Reads them again after a change that this view made. */
  reload(): void;
}

const NOBODY: readonly Member[] = [];

/** Everybody in a conversation, page after page, and anew when somebody comes or goes; null asks for nobody. */
export function useMembers(id: ConversationId | null): Members {
  const chat = useChat();
  const count = useSelected((state) => (id === null ? 0 : (state.conversations[id]?.resource.member_count ?? 0)));
  const [round, setRound] = useState(0);
  const [items, setItems] = useState<readonly Member[]>(NOBODY);
  const [state, setState] = useState<Members['state']>('loading');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number of members or another round is a reason to read again
  useEffect(() => {
    if (id === null) return;
    const abort = new AbortController();
    loadAll(chat, id, abort.signal, (found) => !abort.signal.aborted && setItems(found))
      .then(() => setState('done'))
      .catch(() => !abort.signal.aborted && setState('failed'));
    return () => abort.abort();
  }, [chat, id, count, round]);
  return { items, state, reload: useCallback(() => setRound((before) => before + 1), []) };
}

async function loadAll(
  chat: Chat,
  id: ConversationId,
  signal: AbortSignal,
  onPage: (all: readonly Member[]) => void,
): Promise<void> {
  const all: Member[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
    const answer = await chat.api.call(ROUTES.listMembers, { params: { conversation_id: id }, query }, { signal });
    all.push(...answer.items);
    cursor = answer.next_cursor;
    chat.store.dispatch({ type: 'users_found', users: answer.items.map(({ user }) => user) });
    onPage([...all]);
  }
}
