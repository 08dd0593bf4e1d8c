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
