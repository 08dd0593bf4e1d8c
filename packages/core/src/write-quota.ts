import type { ConversationId, UserId } from '@parley/protocol';
import type { Actor } from './actor.ts';
import type { Core } from './core.ts';
import { type Refused, refused } from './outcome.ts';

const WINDOW_MS = 60_000;

type Used = Pick<Core, 'rateLimiter' | 'clock' | 'settings'>;

/** SEND-12: counts one write of a user. Answers the refusal when there were too many; `kind` keeps messages and mailboxes apart. */
export async function takeWrite(
  core: Used,
  actor: Actor,
  kind: 'conversation' | 'mailbox' = 'conversation',
): Promise<Refused | undefined> {
  const retryAfterMs = await take(core, `writes:${kind}:${actor.userId}`, core.settings.writesPerMinute);
  if (retryAfterMs === 0) return undefined;
  const detail = 'You write too fast. This request stored nothing; repeat it later with the same key.';
  return refused('RATE_LIMITED', detail, { retryAfterMs });
}

/** SEND-12, SEND-13: as `takeWrite`, and refuses while all members together have written too much here. */
export async function takeWriteIn(
  core: Used,
  actor: Actor,
  conversationId: ConversationId,
): Promise<Refused | undefined> {
  const refusal = await takeWrite(core, actor);
  const count = core.settings.conversationWritesPerMinute;
  if (refusal !== undefined || count === 0) return refusal;
  const verdict = core.rateLimiter.peek(
    conversationKey(conversationId),
    { count, windowMs: WINDOW_MS },
    core.clock.now(),
  );
  const { allowed, resetMs } = verdict instanceof Promise ? await verdict : verdict;
  if (allowed) return undefined;
  const detail =
    'More is written in this conversation than it takes. This request stored nothing; repeat it later with the same key.';
  return refused('RATE_LIMITED', detail, { retryAfterMs: Math.max(1, resetMs) });
}

/** SEND-13: counts what was stored, not what was asked for: somebody who is no member cannot use up what a conversation takes. */
export async function countWriteIn(core: Used, conversationId: ConversationId): Promise<void> {
  await take(core, conversationKey(conversationId), core.settings.conversationWritesPerMinute);
}

const conversationKey = (conversationId: ConversationId): string => `conversation-writes:${conversationId}`;

/** CONN-13: counts one connection of a user, on whatever device. */
export async function takeConnection(core: Used, userId: UserId): Promise<Refused | undefined> {
  const retryAfterMs = await take(core, `connections:${userId}`, core.settings.connectionsPerMinute);
  if (retryAfterMs === 0) return undefined;
  const detail = 'You connect too often. Nothing is lost; connect again after the time that is told here.';
  return refused('RATE_LIMITED', detail, { retryAfterMs });
}

/** 0: allowed. Otherwise how long to wait. A limit of 0 does not count. */
async function take(core: Used, key: string, count: number): Promise<number> {
  if (count === 0) return 0;
  const verdict = core.rateLimiter.take(key, { count, windowMs: WINDOW_MS }, core.clock.now());
  // Awaiting a value costs a turn of the microtask queue on every message: only a limiter elsewhere is waited for.
  const { allowed, resetMs } = verdict instanceof Promise ? await verdict : verdict;
  return allowed ? 0 : Math.max(1, resetMs);
}
