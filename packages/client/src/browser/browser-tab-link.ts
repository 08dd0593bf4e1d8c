import type { TabLink, TabMessage } from '../tabs/tab-link.ts';
import { type WriterLock, webWriterLock } from './writer-lock.ts';

/** Tabs of one browser profile: a lock says who writes, a BroadcastChannel carries what they say. */
export class BrowserTabLink implements TabLink {
  readonly #lock: WriterLock;
  readonly #channel: BroadcastChannel;

  constructor(name: string, lock: WriterLock = webWriterLock(name)) {
    this.#lock = lock;
    this.#channel = new BroadcastChannel(name);
  }

  post(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  listen(onMessage: (message: TabMessage) => void): void {
    this.#channel.addEventListener('message', (event: MessageEvent<TabMessage>) => onMessage(event.data));
  }

  becomeWriter(onWriter: () => void, onLost: () => void): void {
    this.#lock.becomeWriter(onWriter, onLost);
  }

  close(): void {
    this.#lock.close();
    this.#channel.close();
  }
}
