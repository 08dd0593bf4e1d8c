import type { TabLink, TabMessage } from '../tabs/tab-link.ts';

/** Tabs of one browser profile: a Web Lock says who writes, a BroadcastChannel carries what they say. The lock of a killed tab is free at once. */
export class BrowserTabLink implements TabLink {
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #abort = new AbortController();
  #release: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#channel = new BroadcastChannel(name);
  }

  post(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  listen(onMessage: (message: TabMessage) => void): void {
    this.#channel.addEventListener('message', (event: MessageEvent<TabMessage>) => onMessage(event.data));
  }

  becomeWriter(onWriter: () => void): void {
    const options = { signal: this.#abort.signal };
    navigator.locks
      .request(`${this.#name} writer`, options, () => {
        onWriter();
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      })
      // Closed before it was this tab's turn.
      .catch(() => undefined);
  }

  close(): void {
    this.#abort.abort();
    this.#release?.();
    this.#channel.close();
  }
}
