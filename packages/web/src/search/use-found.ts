import { ROUTES, type RouteOutput, type User } from '@parley/protocol';
import { useEffect, useState } from 'react';
import { type Chat, useChat } from '../app/chat.ts';

/** Typing is not interrupted by answers to half a word. */
const PAUSE_MS = 150;

export interface Found<T> {
  /** `failed`: the server could not be asked, so only what is on this device was searched. */
  readonly state: 'searching' | 'done' | 'failed';
  readonly items: readonly T[];
}

type Question<T> = (chat: Chat, query: string, signal: AbortSignal) => Promise<readonly T[]>;

const nothing = { state: 'done', items: [] } as const;

function useFound<T>(query: string, ask: Question<T>): Found<T> {
  const chat = useChat();
  const [found, setFound] = useState<Found<T>>(nothing);
  useEffect(() => {
    if (query === '') return setFound(nothing);
    const abort = new AbortController();
    setFound(({ items }) => ({ state: 'searching', items }));
    const timer = setTimeout(() => {
      ask(chat, query, abort.signal)
        .then((items) => setFound({ state: 'done', items }))
        .catch(() => {
          if (!abort.signal.aborted) setFound({ state: 'failed', items: [] });
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [chat, query, ask]);
  return found;
}

const askPeople: Question<User> = async (chat, query, signal) => {
  const { items } = await chat.api.call(ROUTES.searchUsers, { query: { query, limit: 20 } }, { signal });
  const { me } = chat.store.getSnapshot();
  return items.filter((user) => user.user_id !== me?.user_id);
};

export type FoundChannel = RouteOutput<typeof ROUTES.searchChannels>['items'][number];

const askChannels: Question<FoundChannel> = async (chat, query, signal) =>
  (await chat.api.call(ROUTES.searchChannels, { query: { query, limit: 20 } }, { signal })).items;

/** People whose name or username begins with the query. */
export const useFoundPeople = (query: string): Found<User> => useFound(query, askPeople);
/** Public channels whose name begins with the query. */
export const useFoundChannels = (query: string): Found<FoundChannel> => useFound(query, askChannels);
