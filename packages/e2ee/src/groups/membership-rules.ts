import type { UserId } from '@parley/protocol';
import type { MembershipChange, MembershipState } from './membership-log.ts';

/** Who may change what; `undefined`: permitted. The same answer on every device, from the log alone. */
export function refusalOfChange(
  state: MembershipState | undefined,
  author: UserId,
  change: MembershipChange,
): 'not_permitted' | undefined {
  return isPermitted(state, author, change) ? undefined : 'not_permitted';
}

function isPermitted(state: MembershipState | undefined, author: UserId, change: MembershipChange): boolean {
  if (state === undefined || change.kind === 'create') return state === undefined && change.kind === 'create';
  const role = state.members.get(author);
  const isLeader = role === 'owner' || role === 'admin';
  switch (change.kind) {
    case 'add':
      return isLeader && !state.members.has(change.userId) && (role === 'owner' || change.role === 'member');
    case 'remove': {
      const target = state.members.get(change.userId);
      return target !== undefined && change.userId !== author && isLeader && (role === 'owner' || target === 'member');
    }
    case 'set_role':
      return role === 'owner' && change.userId !== author && state.members.has(change.userId);
    case 'leave':
      return role !== undefined && (role !== 'owner' || hasOtherOwner(state, author) || state.members.size === 1);
  }
}

const hasOtherOwner = (state: MembershipState, author: UserId): boolean =>
  [...state.members].some(([userId, role]) => role === 'owner' && userId !== author);
