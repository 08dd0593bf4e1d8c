import type { Client, ClientState } from '@parley/client';
import { useEffect, useState, useSyncExternalStore } from 'react';

export const useClientState = (client: Client): ClientState =>
  useSyncExternalStore(client.store.subscribe, client.store.getSnapshot);

/** The time, ticking: ends typing lines and counts down to the next attempt. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
