import type { Store } from '../store/store.ts';
import type { StoreEvent } from '../store/store-event.ts';
import type { TabMessage } from './tab-link.ts';

/**
 * The writer's events, repeated in the other tabs: the reducer is pure, so the same events give the same state. What only concerns a tab's own view
 * (pages of history) stays in it.
 */
export class SharedState {
  readonly #store: Store;
  readonly #post: (message: TabMessage) => void;
  readonly #tab: string;
  #isWriter = false;
  #isRepeating = false;
  /** Of the last event sent (as writer) or repeated. */
  #number = 0;
  #writer: string | undefined;

  constructor(store: Store, post: (message: TabMessage) => void, tab: string) {
    this.#store = store;
    this.#post = post;
    this.#tab = tab;
    store.subscribe((event) => this.#onEvent(event));
  }

  /** The tab whose state was repeated here last. */
  get writer(): string | undefined {
    return this.#writer;
  }

  /** For a tab that is not the writer: asks for the state as it is. */
  follow(): void {
    this.#post({ type: 'state_wanted' });
  }

  /** From now on this tab's events are the ones that count. */
  lead(): void {
    this.#isWriter = true;
    this.#number = 0;
    this.#postState();
  }

  /** Another tab leads: what this one knows counts no more than what it is told. */
  stepBack(): void {
    this.#isWriter = false;
    this.#writer = undefined;
    this.#number = 0;
    this.follow();
  }

  receive(message: TabMessage): void {
    if (message.type === 'state_wanted' && this.#isWriter) this.#postState();
    if (this.#isWriter) return;
    if (message.type === 'state') {
      // Another tab asked for it. What is here is as far already, and has this tab's own pages of history besides.
      if (message.writer === this.#writer && message.number <= this.#number) return;
      this.#repeat(message.writer, message.number, { type: 'state_loaded', state: message.state });
    } else if (message.type === 'event') {
      if (message.writer === this.#writer && message.number === this.#number + 1)
        this.#repeat(message.writer, message.number, message.event);
      else if (message.writer !== this.#writer || message.number > this.#number) this.follow();
    }
  }

  #repeat(writer: string, number: number, event: StoreEvent): void {
    this.#writer = writer;
    this.#number = number;
    this.#isRepeating = true;
    this.#store.dispatch(event);
    this.#isRepeating = false;
  }

  #postState(): void {
    const state = this.#store.getSnapshot();
    this.#post({ type: 'state', writer: this.#tab, number: this.#number, state });
  }

  #onEvent(event: StoreEvent): void {
    if (!this.#isWriter || this.#isRepeating || event.type === 'page_loaded') return;
    this.#number += 1;
    if (event.type === 'state_loaded') this.#postState();
    else this.#post({ type: 'event', writer: this.#tab, number: this.#number, event });
  }
}
