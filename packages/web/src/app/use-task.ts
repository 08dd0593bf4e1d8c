import { ApiError, SignedOutError } from '@parley/client';
import type { ErrorCode } from '@parley/protocol';
import { useCallback, useState } from 'react';
import { REFUSAL_WORDS } from '../i18n/refusal-words.ts';
import type { Text, TextId } from '../i18n/use-text.ts';
import { useText } from '../i18n/use-text.ts';

export interface Task {
  readonly isBusy: boolean;
  /** Why the last run failed, as a sentence; null while it runs and after it succeeded. */
  readonly problem: string | null;
  /** Runs the work, one at a time. Resolves to whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Words for refusals that mean something of their own here. Always the same object. */
export type InsteadOf = Readonly<Partial<Record<ErrorCode, TextId>>>;
const NOTHING: InsteadOf = {};
/** Where of credentials only the password is asked for. */
export const ONLY_PASSWORD: InsteadOf = { WRONG_CREDENTIALS: 'problem.wrongPassword' };

/** Something that the server is asked to do on a press of a button. */
export function useTask(instead: InsteadOf = NOTHING): Task {
  const text = useText();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(problemOf(error, text, instead));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [text, instead],
  );
  return { isBusy, problem, run };
}

/** In the reader's language. Our own mistakes are thrown on. */
export function problemOf(error: unknown, text: Text, instead: InsteadOf = {}): string {
  if (error instanceof SignedOutError) return text('problem.signedOut');
  if (!(error instanceof ApiError)) throw error;
  if (error.reason === 'unreachable') return text('problem.unreachable');
  const { problem } = error;
  if (problem === undefined) return text('problem.unreadable');
  return text(instead[problem.code] ?? REFUSAL_WORDS[problem.code]);
}
