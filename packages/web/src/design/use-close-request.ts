import { useEffect, useEffectEvent } from 'react';

/** What browsers with a back gesture offer (HTML, "close watchers"); the types of the DOM do not know it yet. */
interface CloseWatcher extends EventTarget {
  destroy(): void;
}
declare global {
  interface Window {
    readonly CloseWatcher?: new () => CloseWatcher;
  }
}

/** While it stands on the screen, the back gesture of a phone closes it instead of leaving the page. */
export function useCloseRequest(onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (window.CloseWatcher === undefined) return;
    const watcher = new window.CloseWatcher();
    watcher.addEventListener('close', () => close());
    return () => watcher.destroy();
  }, []);
}
