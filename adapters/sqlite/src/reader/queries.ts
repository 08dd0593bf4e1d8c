import type { SqlConnection } from '../sql-connection.ts';
import { countAll, findAccountByIdentifier, findAccounts, listAccounts, searchAccounts } from './queries/accounts.ts';
import {
  findConversation,
  heads,
  listActiveConversations,
  listConversations,
  searchChannels,
  viewConversation,
} from './queries/conversations.ts';
import { countOneTimeKeys, findDevice, listDevices, mailboxHeads, readMailbox } from './queries/devices.ts';
import { readEpoch } from './queries/epoch.ts';
import {
  conversationsOf,
  findAcquaintances,
  findMembership,
  findThoseWhoTurnedTo,
  listMembers,
  readReceipts,
} from './queries/memberships.ts';
import { findMessage, history, readEntriesAfter } from './queries/messages.ts';
import { listInvitations, readPlace, storedBytes } from './queries/place.ts';
import { readUserLog, userLogHead, userLogHeads } from './queries/user-logs.ts';

/** Everything that a reader thread does: each query is one consistent reading of a port. */
export const QUERIES = {
  conversationsOf,
  countAll,
  countOneTimeKeys,
  findAccountByIdentifier,
  findAccounts,
  findAcquaintances,
  findConversation,
  findDevice,
  findMembership,
  findMessage,
  findThoseWhoTurnedTo,
  heads,
  history,
  listAccounts,
  listActiveConversations,
  listConversations,
  listDevices,
  listInvitations,
  listMembers,
  mailboxHeads,
  readEntriesAfter,
  readEpoch,
  readMailbox,
  readPlace,
  readReceipts,
  readUserLog,
  searchAccounts,
  searchChannels,
  storedBytes,
  userLogHead,
  userLogHeads,
  viewConversation,
} as const;

export type Queries = typeof QUERIES;

/** Queries whose answer does not depend on what follows from the entries of logs. */
export const APART_FROM_LOGS: ReadonlySet<keyof Queries> = new Set([
  'countOneTimeKeys',
  'findAccountByIdentifier',
  'findAccounts',
  'findDevice',
  'listDevices',
  'listInvitations',
  'mailboxHeads',
  'readEpoch',
  'readMailbox',
  'readPlace',
  'readUserLog',
  'searchAccounts',
  'userLogHead',
  'userLogHeads',
]);

export function queryNamed(name: string): (connection: SqlConnection, args: unknown) => unknown {
  if (!Object.hasOwn(QUERIES, name)) throw new Error(`The reader has no query named ${name}.`);
  // The cast holds: ThreadLine.call checks name and arguments against QUERIES at compile time.
  return QUERIES[name as keyof typeof QUERIES] as (connection: SqlConnection, args: unknown) => unknown;
}
