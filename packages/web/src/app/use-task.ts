import { ApiError, SignedOutError } from '@parley/client';
import { useCallback, useState } from 'react';
import type { Text } from '../i18n/use-text.ts';
import { useText } from '../i18n/use-text.ts';

export interface Task {
  readonly isBusy: boolean;
  /** Why the last run failed, as a sentence; null while it runs and after it succeeded. */
  readonly problem: string | null;
  /** Runs the work, one at a time. Resolves to whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Something that the server is asked to do on a press of a button. `asksPassword`: of credentials only the password is asked for. */
export function useTask({ asksPassword = false } = {}): Task {
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
        const isPassword = asksPassword && error instanceof ApiError && error.problem?.code === 'WRONG_CREDENTIALS';
        setProblem(isPassword ? text('problem.wrongPassword') : problemOf(error, text));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [text, asksPassword],
  );
  return { isBusy, problem, run };
}

/** A refusal speaks for itself; for the rest we know more of the reader's language than the error does. Our own mistakes are thrown on. */
export function problemOf(error: unknown, text: Text): string {
  if (error instanceof SignedOutError) return text('problem.signedOut');
  if (!(error instanceof ApiError)) throw error;
  if (error.reason === 'unreachable') return text('problem.unreachable');
  if (error.reason === 'unreadable') return text('problem.unreadable');
  return refusalText(error, text);
}

function refusalText(error: ApiError, text: Text): string {
  switch (error.problem?.code) {
    case 'WRONG_CREDENTIALS':
      return text('problem.wrongCredentials');
    case 'IDENTIFIER_TAKEN':
      return text('problem.identifierTaken');
    case 'RATE_LIMITED':
      return text('problem.rateLimited');
    case 'LAST_OWNER':
      return text('problem.lastOwner');
    case 'LAST_ADMIN':
      return text('problem.lastAdmin');
    case 'TOO_MANY_MEMBERS':
      return text('problem.tooManyMembers');
    case 'STORE_UNAVAILABLE':
    case 'SHUTTING_DOWN':
    case 'INTERNAL':
      return text('problem.serverFailing');
    default:
      return error.message;
  }
}
