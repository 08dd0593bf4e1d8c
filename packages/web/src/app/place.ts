import { ROUTES, type RouteOutput } from '@parley/protocol';
import { useEffect, useSyncExternalStore } from 'react';
import { type Chat, useChat } from './chat.ts';
import { isRecord, storedValue } from './stored-value.ts';

/** This server as people know it. */
export interface Place {
  readonly name: string;
  /** Who may make an account. */
  readonly registration: RouteOutput<typeof ROUTES.getServer>['registration'];
  /** False: it is new, and whoever comes first sets it up. */
  readonly hasOwner: boolean;
}

/** Before the server has said anything, on this device's first visit. */
const UNKNOWN: Place = { name: 'Parley', registration: 'open', hasOwner: true };

const place = storedValue('parley.place', (stored): Place | null => {
  if (!isRecord(stored) || typeof stored.name !== 'string') return null;
  const { registration } = stored;
  return {
    name: stored.name,
    registration: registration === 'invitation' || registration === 'closed' ? registration : 'open',
    hasOwner: stored.hasOwner !== false,
  };
});

/** Asks the server once more; what it says is the same in all views. */
export async function askPlace(chat: Chat, signal?: AbortSignal): Promise<void> {
  const { name, registration, has_owner } = await chat.api.call(ROUTES.getServer, {}, signal ? { signal } : {});
  place.set({ name, registration, hasOwner: has_owner });
}

/** As the server said last, null before it has ever said anything; asked again by each view that shows it. */
export function useKnownPlace(): Place | null {
  const chat = useChat();
  useEffect(() => {
    const abort = new AbortController();
    // Whoever needs the server says that it cannot be reached; until then it is taken for an ordinary one.
    askPlace(chat, abort.signal).catch(() => {
      if (!abort.signal.aborted && place.get() === null) place.set(UNKNOWN);
    });
    return () => abort.abort();
  }, [chat]);
  return useSyncExternalStore(place.subscribe, place.get);
}

export const usePlace = (): Place => useKnownPlace() ?? UNKNOWN;
