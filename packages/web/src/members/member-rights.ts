import type { Role } from '@parley/protocol';

/** Roles that somebody with `mine` may give to somebody with `theirs` (MEMB-2). The server decides; these only keep menus honest. */
export function choosableRoles(mine: Role, theirs: Role): readonly Role[] {
  const all: readonly Role[] = mine === 'owner' ? ['owner', 'admin', 'member'] : ['admin', 'member'];
  if (mine === 'member' || (mine === 'admin' && theirs === 'owner')) return [];
  return all.filter((role) => role !== theirs);
}

/** MEMB-1: owner and admins remove, but admins no owners. */
export const mayRemove = (mine: Role, theirs: Role): boolean =>
  mine === 'owner' || (mine === 'admin' && theirs !== 'owner');
