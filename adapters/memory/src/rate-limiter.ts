import type { RateLimit, RateLimiter, RateVerdict } from '@parley/core';

interface Window {
  readonly beganAt: number;
  used: number;
}

/**
 * Counts in windows that begin with the first use of a key. Across the edge of two windows twice the count may pass. Keys of one subject (what stands before the
 * first colon) crowd out each other only: whoever may make up many keys of one kind cannot make the counts of another be forgotten.
 */
export class MemoryRateLimiter implements RateLimiter {
  readonly #keysMax: number;
  /** By subject; each in the order of use: the first key was not used for longest. */
  readonly #subjects = new Map<string, Map<string, Window>>();

  /** `keysMax`: of each subject. */
  constructor(options: { readonly keysMax?: number } = {}) {
    this.#keysMax = options.keysMax ?? 100_000;
  }

  take(key: string, limit: RateLimit, at: number): RateVerdict {
    const windows = this.#windowsOf(key);
    const window = windowIn(windows, key, limit, at);
    windows.delete(key);
    windows.set(key, window);
    for (const oldest of windows.keys()) {
      if (windows.size <= this.#keysMax) break;
      windows.delete(oldest);
    }
    const verdict = verdictOn(window, limit, at);
    if (!verdict.allowed) return verdict;
    window.used += 1;
    return { ...verdict, remaining: verdict.remaining - 1 };
  }

  peek(key: string, limit: RateLimit, at: number): RateVerdict {
    return verdictOn(windowIn(this.#windowsOf(key), key, limit, at), limit, at);
  }

  #windowsOf(key: string): Map<string, Window> {
    const subject = key.slice(0, Math.max(0, key.indexOf(':')));
    let windows = this.#subjects.get(subject);
    if (windows === undefined) {
      windows = new Map();
      this.#subjects.set(subject, windows);
    }
    return windows;
  }
}

const windowIn = (windows: ReadonlyMap<string, Window>, key: string, { windowMs }: RateLimit, at: number): Window => {
  const known = windows.get(key);
  return known === undefined || at - known.beganAt >= windowMs ? { beganAt: at, used: 0 } : known;
};

const verdictOn = ({ beganAt, used }: Window, { count, windowMs }: RateLimit, at: number): RateVerdict => ({
  allowed: used < count,
  remaining: Math.max(0, count - used),
  resetMs: beganAt + windowMs - at,
});
