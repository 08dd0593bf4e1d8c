import { defaultEnvironment } from '../environment.ts';
import { reduce } from './reduce.ts';
import { type ClientState, emptyState } from './state.ts';
import type { StoreEvent } from './store-event.ts';

/** The only holder of state. `subscribe` and `getSnapshot` are what React's `useSyncExternalStore` wants; a snapshot is never changed. */
export class Store {
  #state: ClientState = emptyState;
  /** The first is being told. */
  readonly #untold: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #report: (error: unknown) => void;

  /** `report`: what a listener threw. The others hear of the event all the same. */
  constructor(report: (error: unknown) => void = defaultEnvironment.report) {
    this.#report = report;
  }

  readonly getSnapshot = (): ClientState => this.#state;

  /** The listener runs after each event that changed the state, and gets the event. */
  readonly subscribe = (listener: (event: StoreEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The state is new at once; listeners hear of events one after the other, also when one of them dispatches. */
  dispatch(event: StoreEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state === before) return;
    this.#untold.push(event);
    if (this.#untold.length > 1) return;
    for (let next = this.#untold[0]; next !== undefined; next = this.#untold[0]) {
      for (const listener of [...this.#listeners]) this.#tell(listener, next);
      this.#untold.shift();
    }
  }

  #tell(listener: (event: StoreEvent) => void, event: StoreEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#report(error);
    }
  }
}
