import type { ConversationId, UserId } from '@parley/protocol';
import type { Actor } from './actor.ts';
import type { Core } from './core.ts';
import { type Refused, refused } from './outcome.ts';
import type { RateVerdict } from './ports/security.ts';

const WINDOW_MS = 60_000;

type Used = Pick<Core, 'rateLimiter' | 'clock' | 'settings'>;

/** Known at once where the limiter is in this process: only one elsewhere is waited for, because every message asks it twice and each promise costs a turn of the microtask queue. */
type Verdict<T> = T | Promise<T>;

const whenKnown = <T, U>(verdict: Verdict<T>, then: (value: T) => U): Verdict<U> =>
  verdict instanceof Promise ? verdict.then(then) : then(verdict);

/** SEND-12: counts one write of a user; a limit of 0 counts nothing. Answers the refusal when there were too many; `kind` keeps messages and mailboxes apart. */
export function takeWrite(
  core: Used,
  actor: Actor,
  kind: 'conversation' | 'mailbox' = 'conversation',
): Verdict<Refused | undefined> {
  const count = core.settings.writesPerMinute;
  if (count === 0) return undefined;
  const detail = 'You write too fast. This request stored nothing; repeat it later with the same key.';
  return whenKnown(take(core, `writes:${kind}:${actor.userId}`, count), (verdict) => refusalOf(verdict, detail));
}

/** SEND-12, SEND-13: as `takeWrite`, and refuses while all members together have written too much here. */
export function takeWriteIn(core: Used, actor: Actor, conversationId: ConversationId): Verdict<Refused | undefined> {
  const refusal = takeWrite(core, actor);
  if (refusal instanceof Promise)
    return refusal.then((refusedByUser) => refusedByUser ?? conversationRefusal(core, conversationId));
  return refusal ?? conversationRefusal(core, conversationId);
}

function conversationRefusal(core: Used, conversationId: ConversationId): Verdict<Refused | undefined> {
  const count = core.settings.conversationWritesPerMinute;
  if (count === 0) return undefined;
  const limit = { count, windowMs: WINDOW_MS };
  const detail =
    'More is written in this conversation than it takes. This request stored nothing; repeat it later with the same key.';
  const verdict = core.rateLimiter.peek(conversationKey(conversationId), limit, core.clock.now());
  return whenKnown(verdict, (known) => refusalOf(known, detail));
}

/** SEND-13: counts what was stored, not what was asked for: somebody who is no member cannot use up what a conversation takes. */
export function countWriteIn(core: Used, conversationId: ConversationId): Promise<unknown> | undefined {
  const count = core.settings.conversationWritesPerMinute;
  if (count === 0) return undefined;
  const verdict = take(core, conversationKey(conversationId), count);
  return verdict instanceof Promise ? verdict : undefined;
}

const conversationKey = (conversationId: ConversationId): string => `conversation-writes:${conversationId}`;

/** CONN-13: counts one connection of a user, on whatever device. */
export function takeConnection(core: Used, userId: UserId): Verdict<Refused | undefined> {
  const count = core.settings.connectionsPerMinute;
  if (count === 0) return undefined;
  const detail = 'You connect too often. Nothing is lost; connect again after the time that is told here.';
  return whenKnown(take(core, `connections:${userId}`, count), (verdict) => refusalOf(verdict, detail));
}

const take = (core: Used, key: string, count: number): Verdict<RateVerdict> =>
  core.rateLimiter.take(key, { count, windowMs: WINDOW_MS }, core.clock.now());

const refusalOf = ({ allowed, resetMs }: RateVerdict, detail: string): Refused | undefined =>
  allowed ? undefined : refused('RATE_LIMITED', detail, { retryAfterMs: Math.max(1, resetMs) });
