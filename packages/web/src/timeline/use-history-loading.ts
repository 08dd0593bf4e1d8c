import { ApiError, SignedOutError } from '@parley/client';
import type { ConversationId } from '@parley/protocol';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChat } from '../app/chat.ts';
import { useConnected } from '../app/state-hooks.ts';
import type { Window } from './use-window.ts';

/** Older history is asked for when so little is left above, in pixels; newer likewise below. */
const AHEAD_PX = 1_200;
/** A page that is here sooner needs no word. */
const SLOW_MS = 600;
/** After a page that did not come: 1, 2, 4 … s, at most so long. */
const RETRY_MAX_MS = 30_000;

/** Where something is missing that somebody is about to see. `problem`: why it did not come; null while it is on its way. */
export interface Missing {
  readonly what: 'older' | 'newer' | 'target';
  readonly problem: ApiError | SignedOutError | null;
}

export interface HistoryLoadingParts {
  readonly id: ConversationId;
  readonly view: Window;
  readonly list: RefObject<VirtualizerHandle | null>;
}

/** Brings the pages around what is on the screen. One that does not come is asked for again by itself, later and later, and at once with a new connection. */
export function useHistoryLoading({ id, view, list }: HistoryLoadingParts) {
  const chat = useChat();
  const [missing, setMissing] = useState<Missing | null>(null);
  const isLoading = useRef(false);
  const attempts = useAttempts();
  const latest = useRef<{ from: number; to: number; look(offset: number): void } | null>(null);
  const lookAgain = useCallback(() => latest.current?.look(list.current?.scrollOffset ?? 0), [list]);

  const look = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (handle === null || isLoading.current) return;
      const what = missingNear(handle, offset, view);
      if (what === undefined) {
        attempts.succeeded();
        return setMissing(null);
      }
      if (attempts.isWaiting()) return;
      isLoading.current = true;
      const slow = setTimeout(() => setMissing({ what, problem: null }), SLOW_MS);
      const load = what === 'older' ? chat.loadOlder(id, view.from) : chat.loadNewer(id, view.to);
      void load
        .then(
          () => setMissing(null),
          (error: unknown) => setMissing({ what, problem: knownProblem(error) }),
        )
        .finally(() => {
          clearTimeout(slow);
          isLoading.current = false;
          // Who stands at the very end of what was there can make no movement: what has come is looked at once more, what has not is asked for later.
          requestAnimationFrame(() => {
            const isMore = latest.current?.from !== view.from || latest.current.to !== view.to;
            if (isMore) attempts.succeeded();
            else attempts.failed(lookAgain);
            if (isMore) lookAgain();
          });
        });
    },
    [chat, id, list, view, attempts, lookAgain],
  );

  useLayoutEffect(() => {
    latest.current = { from: view.from, to: view.to, look };
  });

  const retry = useCallback(() => {
    attempts.succeeded();
    lookAgain();
  }, [attempts, lookAgain]);
  const isConnected = useConnected();
  useEffect(() => {
    if (isConnected && attempts.isWaiting()) retry();
  }, [isConnected, attempts, retry]);

  /** Brings what surrounds a message somebody wants to see. Resolves to whether it came. */
  const loadTarget = useCallback(
    async (seq: number): Promise<boolean> => {
      setMissing(null);
      try {
        await chat.loadAround(id, seq);
        return true;
      } catch (error) {
        setMissing({ what: 'target', problem: knownProblem(error) });
        return false;
      }
    },
    [chat, id],
  );
  return { missing, loadAround: look, loadTarget, retry };
}

function missingNear(handle: VirtualizerHandle, offset: number, view: Window): 'older' | 'newer' | undefined {
  if (offset < AHEAD_PX && !view.isAtStart) return 'older';
  const below = handle.scrollSize - offset - handle.viewportSize;
  return below < AHEAD_PX && !view.isAtEnd ? 'newer' : undefined;
}

/** Our own mistakes are thrown on. */
function knownProblem(error: unknown): ApiError | SignedOutError {
  if (error instanceof ApiError || error instanceof SignedOutError) return error;
  throw error;
}

interface Attempts {
  isWaiting(): boolean;
  failed(again: () => void): void;
  succeeded(): void;
}

/** When to try again. The same object for the life of the view. */
function useAttempts(): Attempts {
  const [attempts] = useState((): Attempts => {
    let failures = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    return {
      isWaiting: () => timer !== undefined,
      failed(again) {
        clearTimeout(timer);
        timer = setTimeout(
          () => {
            timer = undefined;
            again();
          },
          Math.min(RETRY_MAX_MS, 1_000 * 2 ** failures),
        );
        failures += 1;
      },
      succeeded() {
        clearTimeout(timer);
        timer = undefined;
        failures = 0;
      },
    };
  });
  useEffect(() => attempts.succeeded, [attempts]);
  return attempts;
}
