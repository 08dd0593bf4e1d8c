import type { Api, Client, ClientState } from '@parley/client';
import { createContext, useContext, useSyncExternalStore } from 'react';

/** What the views use of the SDK. They reach the server through nothing else. */
export type Chat = Omit<Pick<Client, keyof Client>, 'api'> & { readonly api: Pick<Api, 'call'> };

const ChatContext = createContext<Chat | undefined>(undefined);
export const ChatProvider = ChatContext.Provider;

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (chat === undefined) throw new Error('A view was drawn outside of ChatProvider.');
  return chat;
}

/** One answer about the state; drawn again only when the answer is another object. `select` must give the same object for the same state. */
export function useSelected<T>(select: (state: ClientState) => T): T {
  const { store } = useChat();
  return useSyncExternalStore(store.subscribe, () => select(store.getSnapshot()));
}
