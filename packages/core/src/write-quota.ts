import type { Actor } from './actor.ts';
import type { Core } from './core.ts';
import { type Refused, refused } from './outcome.ts';

const WINDOW_MS = 60_000;

/** SEND-12: counts one write of a user. Answers the refusal when there were too many; `kind` keeps messages and mailboxes apart. */
export async function takeWrite(
  core: Pick<Core, 'rateLimiter' | 'clock' | 'settings'>,
  actor: Actor,
  kind: 'conversation' | 'mailbox' = 'conversation',
): Promise<Refused | undefined> {
  const count = core.settings.writesPerMinute;
  if (count === 0) return undefined;
  const verdict = core.rateLimiter.take(
    `writes:${kind}:${actor.userId}`,
    { count, windowMs: WINDOW_MS },
    core.clock.now(),
  );
  // Awaiting a value costs a turn of the microtask queue on every message: only a limiter elsewhere is waited for.
  const { allowed, resetMs } = verdict instanceof Promise ? await verdict : verdict;
  if (allowed) return undefined;
  return refused(
    'RATE_LIMITED',
    'You write too fast. This request stored nothing; repeat it later with the same key.',
    {
      retryAfterMs: Math.max(1, resetMs),
    },
  );
}
