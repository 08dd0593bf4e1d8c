import { CLOSE, type Command, jsonCodec, ROUTES } from '@parley/protocol';
import type { Api } from '../api/api.ts';
import { ApiError, SignedOutError } from '../api/api-error.ts';
import { ABNORMAL_CLOSURE, type OpenTransport, type Transport, type TransportListener } from './transport.ts';

/** The server holds a poll for at most 25 s (POLL-2). */
const POLL_TIMEOUT_MS = 40_000;
const POLL_TRIES = 3;
const FRAMES_PER_REQUEST_MAX = 100;
/** More commands than this are waiting only when the server does not take any: the session is given up. */
const WAITING_MAX = 1_000;

type LooseFrame = { type: string };

/** The fall-back where WebSockets are blocked (POLL-1 … POLL-4): the same frames over HTTP, JSON only. */
export const longPollTransport =
  (api: Pick<Api, 'call'>): OpenTransport =>
  (listener) =>
    new LongPoll(api, listener);

class LongPoll implements Transport {
  readonly #api: Pick<Api, 'call'>;
  readonly #listener: TransportListener;
  readonly #abort = new AbortController();
  #isOpen = true;
  #cursor: string | undefined;
  #waiting: Command[] = [];
  #isSending = false;

  constructor(api: Pick<Api, 'call'>, listener: TransportListener) {
    this.#api = api;
    this.#listener = listener;
    void this.#receive();
  }

  send(command: Command): void {
    if (!this.#isOpen) return;
    this.#waiting.push(command);
    if (this.#waiting.length > WAITING_MAX) this.#end(ABNORMAL_CLOSURE);
    else void this.#flush();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#abort.abort();
    const cursor = this.#cursor;
    // A courtesy: a session that is not ended so ends by itself (POLL-3).
    if (cursor !== undefined) this.#api.call(ROUTES.closeEvents, { query: { cursor } }).catch(() => undefined);
  }

  async #receive(): Promise<void> {
    try {
      const { signal } = this.#abort;
      this.#hand(await this.#api.call(ROUTES.openEvents, {}, { signal }));
      while (this.#isOpen) this.#hand(await this.#poll());
    } catch (error) {
      // Only the opening is limited so (CONN-13).
      const problem = this.#cursor === undefined && error instanceof ApiError ? error.problem : undefined;
      if (problem?.code === 'RATE_LIMITED') this.#end(CLOSE.TOO_MANY_RECONNECTS.code, problem.retry_after_ms);
      else this.#end(closeCodeOf(error));
    }
  }

  /** The same cursor gives the same frames again (POLL-2), so a poll whose answer was lost is simply repeated. */
  async #poll(): Promise<{ cursor: string; frames: LooseFrame[] }> {
    for (let tries = 1; ; tries += 1) {
      try {
        const query = { cursor: this.#cursor ?? '' };
        const options = { timeoutMs: POLL_TIMEOUT_MS, signal: this.#abort.signal };
        return await this.#api.call(ROUTES.pollEvents, { query }, options);
      } catch (error) {
        const mayRepeat = error instanceof ApiError && error.reason === 'unreachable' && tries < POLL_TRIES;
        if (!mayRepeat || !this.#isOpen) throw error;
      }
    }
  }

  #hand(answer: { cursor: string; frames: readonly LooseFrame[] }): void {
    this.#cursor = answer.cursor;
    for (const frame of answer.frames) {
      if (!this.#isOpen) return;
      const decoded = jsonCodec.decodeServerFrame(JSON.stringify(frame));
      if (decoded.kind === 'ok') this.#listener.onFrame(decoded.value);
      else if (decoded.kind !== 'unknown_type') this.#end(ABNORMAL_CLOSURE);
    }
    void this.#flush();
  }

  /** One request at a time keeps the order of commands (SEND-10). A request without an answer ends the session: repeating it could do things twice. */
  async #flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#isOpen && this.#cursor !== undefined && this.#waiting.length > 0) {
        const frames = this.#waiting.splice(0, FRAMES_PER_REQUEST_MAX);
        const { signal } = this.#abort;
        await this.#api.call(ROUTES.sendFrames, { query: { cursor: this.#cursor }, body: { frames } }, { signal });
      }
    } catch (error) {
      this.#end(closeCodeOf(error));
    } finally {
      this.#isSending = false;
    }
  }

  #end(code: number, retryAfterMs?: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#waiting = [];
    this.#abort.abort();
    this.#listener.onClosed(code, retryAfterMs);
  }
}

function closeCodeOf(error: unknown): number {
  if (error instanceof SignedOutError) return CLOSE.TOKEN_REJECTED.code;
  if (!(error instanceof ApiError)) return ABNORMAL_CLOSURE;
  if (error.problem?.code === 'BAD_CURSOR') return CLOSE.SESSION_EXPIRED.code;
  return error.retry === 'authenticate' ? CLOSE.TOKEN_REJECTED.code : ABNORMAL_CLOSURE;
}
