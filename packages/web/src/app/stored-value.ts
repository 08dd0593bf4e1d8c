/** A small value that outlives the page, is the same in all tabs, and can be read by `useSyncExternalStore`. */
export interface StoredValue<T> {
  get(): T;
  /** Kept for this page alone where the browser has no room or allows no storage. */
  set(value: T): void;
  subscribe(onChange: () => void): () => void;
}

/** `parse` turns what an older version of the app, or a curious person, has left there into a value. */
export function storedValue<T>(key: string, parse: (stored: unknown) => T): StoredValue<T> {
  const listeners = new Set<() => void>();
  let value = parse(read(key));
  const changeTo = (next: T) => {
    value = next;
    for (const listener of [...listeners]) listener();
  };
  window.addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) changeTo(parse(read(key)));
  });
  return {
    get: () => value,
    set(next) {
      changeTo(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Full or forbidden: the value still holds for this page.
      }
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
