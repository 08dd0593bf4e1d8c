import type { UserEvent } from '@parley/protocol';
import type { Store } from '../store/store.ts';

/**
 * Puts the events of the user's log in order. During a replay places may be missing (superseded, SYNC-2) until `resumed` names the place that is
 * covered; live, a missing place means that something was lost.
 */
export class UserEventStream {
  readonly #store: Store;
  readonly #onGap: () => void;
  #isReplaying = true;

  constructor(store: Store, onGap: () => void) {
    this.#store = store;
    this.#onGap = onGap;
  }

  take(event: UserEvent): void {
    const { userSeq } = this.#store.getSnapshot();
    if (event.user_seq <= userSeq) return;
    if (!this.#isReplaying && event.user_seq !== userSeq + 1) this.#onGap();
    else this.#store.dispatch({ type: 'user_event_arrived', event });
  }

  /** The replay is complete up to this place. */
  resumed(upTo: number): void {
    this.#isReplaying = false;
    this.#store.dispatch({ type: 'user_log_covered', upTo });
  }

  reset(): void {
    this.#isReplaying = true;
  }
}
