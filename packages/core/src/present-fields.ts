type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A change without the fields that were not given: a store must not take `undefined` for a value. */
export function presentFields<T extends object>(change: T): Present<T> {
  // The cast holds: entries whose value is undefined are exactly those left out.
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Present<T>;
}
