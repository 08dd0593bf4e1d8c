import { type ConversationId, isDirectId, type UserId } from '@parley/protocol';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { endMembership } from '../memberships/end-membership.ts';
import { done, type Outcome, type Refused, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { confirmPassword } from './confirm-password.ts';
import { disconnectAccount } from './disconnect.ts';
import { eraseMessages } from './erase-messages.ts';

type Used = Pick<
  Core,
  | 'accountStore'
  | 'conversationStore'
  | 'membershipStore'
  | 'passwordHasher'
  | 'rateLimiter'
  | 'broker'
  | 'clock'
  | 'digest'
  | 'settings'
  | 'log'
>;

/** The store gives at most 10,000 conversations at a time; whoever has a million is asked to leave some first. */
const ROUNDS_MAX = 100;
const MEMBERS_PAGE = 100;
/** Members looked through for another owner. */
const MEMBER_PAGES_MAX = 50;

/** How long the answer waits for the messages to be gone. Of an account with very many the rest goes after it. */
const ERASURE_WAIT_MS = 2_000;

/** ACCT-1: leaves all conversations, erases the account and the content of its messages. Repeating goes on where it stopped. */
export async function deleteMe(
  core: Used,
  actor: Actor,
  { body }: Pick<RequestOf<'deleteMe'>, 'body'>,
): Promise<Outcome<undefined>> {
  const confirmed = await confirmPassword(core, actor, body.password);
  if (confirmed.kind === 'refused') return confirmed;
  for (const conversationId of await core.membershipStore.conversationsOf(actor.userId)) {
    if (await wouldLackOwner(core, conversationId, actor.userId)) return ownerNeeded;
  }
  const refusal = await leaveAll(core, actor);
  if (refusal !== undefined) return refusal;
  await core.accountStore.erase(actor.userId, core.clock.now());
  disconnectAccount(core, actor.userId);
  // Somebody may have added the user to a group between leaving and erasing; from now on nobody can.
  if ((await core.membershipStore.conversationsOf(actor.userId)).length > 0) {
    await leaveAll(core, actor);
    // What was written there until now may have come after others had gone through that group: it is noted again.
    await core.accountStore.erase(actor.userId, core.clock.now());
  }
  await Promise.race([eraseMessages(core), pause(core, ERASURE_WAIT_MS)]);
  return done(undefined);
}

const pause = ({ clock }: Pick<Core, 'clock'>, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

const ownerNeeded = refused(
  'LAST_OWNER',
  'You are the last owner of a conversation in which others remain. The account was not deleted; make somebody else an owner or leave it first.',
);

async function wouldLackOwner(core: Used, conversationId: ConversationId, userId: UserId): Promise<boolean> {
  if (isDirectId(conversationId)) return false;
  const membership = await core.membershipStore.find(conversationId, userId);
  if (membership?.role !== 'owner') return false;
  const record = await core.conversationStore.find(conversationId);
  if (record === undefined || record.memberCount <= 1) return false;
  let after: UserId | null = null;
  for (let page = 0; page < MEMBER_PAGES_MAX; page += 1) {
    const members = await core.membershipStore.list(conversationId, after, MEMBERS_PAGE);
    if (members.some(({ role, user }) => role === 'owner' && user.user_id !== userId)) return false;
    const last = members.at(-1);
    if (last === undefined || members.length < MEMBERS_PAGE) return true;
    after = last.user.user_id;
  }
  return true;
}

async function leaveAll(core: Used, actor: Actor): Promise<Refused | undefined> {
  const leaving = { userId: actor.userId, reason: 'account_deleted' } as const;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const conversationIds = await core.membershipStore.conversationsOf(actor.userId);
    if (conversationIds.length === 0) return undefined;
    for (const conversationId of conversationIds) {
      const outcome = await endMembership(core, actor, conversationId, leaving);
      if (outcome.kind === 'refused' && outcome.code === 'LAST_OWNER') return ownerNeeded;
    }
  }
  return refused(
    'CONFLICT',
    'You are in too many conversations to leave them at once. The account was not deleted; repeat the request.',
  );
}
