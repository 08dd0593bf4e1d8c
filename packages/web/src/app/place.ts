import { ROUTES } from '@parley/protocol';
import { useEffect, useSyncExternalStore } from 'react';
import { useChat } from './chat.ts';
import { isRecord, storedValue } from './stored-value.ts';

/** This server as people know it: what it is called and whether strangers may join. */
export interface Place {
  readonly name: string;
  readonly isOpen: boolean;
}

const place = storedValue('parley.place', (stored): Place => {
  const given = isRecord(stored) ? stored : {};
  return { name: typeof given.name === 'string' ? given.name : 'Parley', isOpen: given.isOpen !== false };
});

/** As the server said last; asked again by each view that shows it. */
export function usePlace(): Place {
  const chat = useChat();
  useEffect(() => {
    const abort = new AbortController();
    chat.api
      .call(ROUTES.getServer, {}, { signal: abort.signal })
      .then(({ name, registration }) => place.set({ name, isOpen: registration === 'open' }))
      // Whoever needs the server says that it cannot be reached.
      .catch(() => undefined);
    return () => abort.abort();
  }, [chat]);
  return useSyncExternalStore(place.subscribe, place.get);
}
