import { useSyncExternalStore } from 'react';

function subscribe(onChange: () => void): () => void {
  addEventListener('online', onChange);
  addEventListener('offline', onChange);
  return () => {
    removeEventListener('online', onChange);
    removeEventListener('offline', onChange);
  };
}

/** Whether this device believes that it has a network; "yes" may be wrong, "no" is not. */
export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);
